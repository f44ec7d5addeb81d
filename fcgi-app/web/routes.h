/* The chapters of the API, one file each; web/routes.c makes them one. */
#ifndef HALL_WEB_ROUTES_H
#define HALL_WEB_ROUTES_H

#include "web/route.h"

extern const struct route h_system_routes[], h_account_routes[], h_catalogue_routes[],
    h_apply_routes[], h_paper_routes[], h_document_routes[], h_identity_routes[], h_phone_routes[],
    h_correct_routes[], h_pay_routes[], h_callback_routes[], h_staff_finance_routes[],
    h_certificate_routes[], h_staff_bank_routes[], h_staff_production_routes[],
    h_staff_session_routes[], h_staff_order_routes[], h_staff_review_routes[],
    h_staff_identity_routes[], h_staff_document_routes[], h_staff_admin_routes[],
    h_staff_statistics_routes[], h_staff_project_routes[], h_invoice_routes[];

#endif
