/*
 * The two printed forms as PDF: the application form, which the handler or applicant signs and the
 * organisation stamps, and the seal collection form. A4, tagged, fonts embedded and subset.
 *
 * The same struct gives the same bytes in any process on any machine with the same packages.
 */
#ifndef HALL_PAPER_FORM_PDF_H
#define HALL_PAPER_FORM_PDF_H

#include "paper/sheet.h"

/* What the certificate is for: title, declaration and signature differ (guide, section 4.2.3). */
enum paper_kind {
#define PAPER(name, title, signer, heading, declaration) PAPER_##name,
#include "paper/form.def"
    PAPER_MAX
};

/* Texts are valid UTF-8 in NFC without control characters; NULL or "" prints a stroke. */
struct paper_row {
    const char *label, *value;
};

struct paper_group {
    const char *title;
    const struct paper_row *rows;
    size_t n;
};

struct form_paper {
    enum paper_kind kind;
    const char *authority; /* who issues: "深圳CA" */
    const char *project;   /* "辽宁政府采购" */
    const char *order_no;
    int64_t revision;
    const char *sha256;               /* of the frozen revision, lower-case hex */
    int64_t created_at;               /* UTC seconds, when the revision was frozen */
    const struct paper_group *groups; /* in the order of printing */
    size_t n;
};

/* Who signs: "经办人" or "申请人". */
const char *form_signer(enum paper_kind kind);

/* One page where it fits, else as many as it needs, each with the QR code. E_INVALID when the
 * order number, revision or digest is none, or one value would not fit on a page. */
enum err form_pdf_application(struct op *op, const struct form_paper *p, struct pdf *out) MUST_USE;

/* One page; the groups tell whose seal it is and must be short (E_INVALID if they do not fit). */
enum err form_pdf_seal(struct op *op, const struct form_paper *p, struct pdf *out) MUST_USE;

#endif
