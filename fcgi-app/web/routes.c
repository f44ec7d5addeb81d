#include "web/routes.h"

const struct route *const route_tables[] = {
    h_system_routes,
    h_account_routes,
    h_catalogue_routes,
    h_apply_routes,
    h_paper_routes,
    h_document_routes,
    h_identity_routes,
    h_phone_routes,
    h_correct_routes,
    h_staff_session_routes,
    h_staff_order_routes,
    h_staff_review_routes,
    h_staff_identity_routes,
    h_staff_document_routes,
    h_staff_admin_routes,
    h_pay_routes,
    h_callback_routes,
    h_staff_finance_routes,
    NULL,
};
