/*
 * The world outside, one struct of functions per kind of provider. Configuration picks the
 * implementation and its base URL; a sandbox differs by configuration only.
 *
 * Contract for every function that sends: never called inside a transaction; the caller has
 * committed `key` (out_trade_no, out_refund_no, bank reference, SMS id) before the call and
 * repeats it unchanged; returns before op->deadline_ms; never logs contents. The outcome says what
 * may be done next:
 */
#ifndef HALL_PROVIDER_PROVIDER_H
#define HALL_PROVIDER_PROVIDER_H

#include <stddef.h>

#include "base/op.h"

enum outcome {
    OUTCOME_DONE,     /* a verified, understood answer; the reply struct is filled */
    OUTCOME_REFUSED,  /* a verified, understood refusal: repeating is useless; `reason` is filled */
    OUTCOME_NOT_SENT, /* certainly not received: the same key may be sent again */
    OUTCOME_UNKNOWN,  /* may have happened: only the query may tell; also "still in process" */
};

/* Why, in the provider's own words; for staff and the log. "" where there is nothing to say. */
struct reason {
    const char *code; /* the provider's code, "ORDER_CLOSED" */
    const char *text;
};

/* A header or a parameter of a callback, as received. */
struct pair {
    const char *name, *value;
};
struct callback {
    const struct pair *headers; /* names in lower case, ended by name == NULL */
    const char *body;
    size_t size;
};

/* ---- SMS ---- */
struct sms_message {
    const char *key;      /* our id of this message; echoed by the provider in receipts */
    const char *phone;    /* 11 digits */
    const char *template; /* the notice's name, "N03"; the connector maps it to its template id */
    const char *text;     /* the whole text, for connectors that send free text, and the sandbox */
    const char *const *params; /* name, value, name, value, NULL, in the order of the template */
};
struct sms_receipt {
    const char *provider_id;
};
struct sms_provider {
    const char *name;
    enum outcome (*send)(
        struct op *op, const struct sms_message *m, struct sms_receipt *out, struct reason *why);
    /* Whether the provider has delivered it: DONE delivered, REFUSED failed, UNKNOWN in between;
     * REFUSED with code "NOT_FOUND" when the provider knows no such message (not proof soon after
     * sending). sent_at is the UTC second of the first try. */
    enum outcome (*query)(struct op *op, const struct sms_message *m, int64_t sent_at,
        struct sms_receipt *out, struct reason *why);
    /* An unsigned push is a hint only: the keys of messages whose query is worth a call now. */
    enum err (*parse_push)(
        struct op *op, const struct callback *cb, const char ***keys, size_t *n) MUST_USE;
    void (*answer)(bool accepted, int *status, const char **content_type, const char **body);
};

/* ---- Online payment ---- */
enum pay_state { PAY_NOTPAY, PAY_SUCCESS, PAY_CLOSED, PAY_IN_PROCESS };
struct pay_request {
    const char *out_trade_no;
    const char *subject; /* "辽宁政府采购证书新办" */
    int64_t amount_fen;
    int64_t expires_at; /* UTC seconds */
};
struct pay_status {
    enum pay_state state;
    const char *out_trade_no;
    const char *transaction_id; /* the provider's; NULL until paid */
    int64_t amount_fen;         /* as the provider says; compare with ours */
    const char *currency;       /* "CNY" */
    int64_t paid_at;            /* UTC seconds, 0 until paid */
};
enum refund_state { REFUND_PROCESSING, REFUND_SUCCESS, REFUND_FAILED };
struct refund_request {
    const char *out_trade_no, *out_refund_no, *reason;
    int64_t refund_fen, total_fen;
};
struct refund_status {
    enum refund_state state;
    const char *out_refund_no, *refund_id;
    int64_t amount_fen;
};
/* One callback after its signature was verified over the raw bytes. */
struct pay_event {
    const char *event_id; /* unique per provider; a repeat has the same */
    bool is_refund;
    struct pay_status pay;       /* when !is_refund */
    struct refund_status refund; /* when is_refund */
};
struct pay_provider {
    const char *name; /* "wechat_pay", "alipay" */
    /* The same request may be repeated and answers the same or an equivalent code. */
    enum outcome (*open)(
        struct op *op, const struct pay_request *r, const char **code_url, struct reason *why);
    /* An order the provider does not know (yet) is PAY_NOTPAY, with code "NOT_FOUND" in `why`. */
    enum outcome (*query)(
        struct op *op, const char *out_trade_no, struct pay_status *out, struct reason *why);
    /* REFUSED with code "PAID" when the payer was faster; DONE when it was closed before, and for
     * an order the provider does not know, with code "NOT_FOUND" in `why`. */
    enum outcome (*close)(struct op *op, const char *out_trade_no, struct reason *why);
    enum outcome (*refund)(struct op *op, const struct refund_request *r, struct refund_status *out,
        struct reason *why);
    /* REFUSED with code "NOT_FOUND" when there is no such refund. */
    enum outcome (*refund_query)(struct op *op, const struct refund_request *r,
        struct refund_status *out, struct reason *why);
    /* Verifies and opens a callback; E_FORBIDDEN when signature, time or recipient are not right,
     * E_MALFORMED when it cannot be read. Touches nothing outside. */
    enum err (*verify)(struct op *op, const struct callback *cb, struct pay_event *out) MUST_USE;
    /* What to answer: status, content type and the exact body for accepted and refused. */
    void (*answer)(bool accepted, int *status, const char **content_type, const char **body);
};

/* ---- Bank: 0.01 yuan with a memo, and the statement of our own account ---- */
enum transfer_state { TRANSFER_PROCESSING, TRANSFER_PAID, TRANSFER_FAILED, TRANSFER_RETURNED };
struct transfer_request {
    const char *reference; /* ours, unique, at most 20 characters, never changes */
    const char *account_name, *bank_code, *account_number;
    const char *memo; /* at most 30 bytes in GBK; may hold the PIN: never logged */
    int64_t amount_fen;
    bool gives_back; /* a refund of up to conf->bank_refund_most_fen; else just 1 fen is paid */
};
/* Closed list shown to the applicant (states.md, section 4, fa_attempt). */
enum transfer_reason {
    TRANSFER_NO_REASON,
    TRANSFER_NAME_MISMATCH,  /* 户名不符 */
    TRANSFER_NO_ACCOUNT,     /* 账号不存在 */
    TRANSFER_ACCOUNT_STATUS, /* 账户状态异常 */
    TRANSFER_WRONG_BRANCH,   /* 开户行错误 */
    TRANSFER_BANK_SYSTEM,    /* 银行系统原因 */
    TRANSFER_OTHER           /* 其他 */
};
struct transfer_status {
    enum transfer_state state;
    enum transfer_reason reason; /* when FAILED or RETURNED */
    const char *bank_serial;
};
struct bank_line {
    const char *serial; /* the bank's, unique */
    int64_t at;         /* UTC seconds */
    int64_t amount_fen; /* credits only, above 0 */
    const char *payer_name, *payer_account, *memo;
};
struct bank_provider {
    const char *name;
    /* DONE also when the bank refused this payee at once: the state is FAILED with its reason. */
    enum outcome (*transfer)(struct op *op, const struct transfer_request *r,
        struct transfer_status *out, struct reason *why);
    /* REFUSED with code "NOT_FOUND" when the bank has no such reference (not proof soon after a
     * submission). */
    enum outcome (*query)(struct op *op, const char *reference, int64_t submitted_at,
        struct transfer_status *out, struct reason *why);
    /* Credits of one civil day in China ("20261122"); lines are in the arena. */
    enum outcome (*statement)(
        struct op *op, const char *day, struct bank_line **lines, size_t *n, struct reason *why);
};

/* ---- Identity ---- */
enum match { MATCH_YES, MATCH_NO, MATCH_NO_RECORD, MATCH_BAD_INPUT };
struct id_card {
    const char *name, *id_number;       /* front */
    const char *authority, *valid_from; /* back, YYYY-MM-DD */
    const char *valid_until;            /* YYYY-MM-DD or "long_term" */
};
struct liveness_request {
    const char *key;
    const void *face; /* JPEG of the ID card's front */
    size_t face_size;
    const void *video;
    size_t video_size;
    const char *const *actions; /* "blink", "mouth", all that every provider judges; NULL-ended */
};
struct liveness_status {
    bool passed;
    int score; /* 0 to 100, of the provider */
    const char *request_id;
};
struct identity_provider {
    const char *name;
    /* Telecom three-factor: name, ID number and mobile. */
    enum outcome (*phone_match)(struct op *op, const char *name, const char *id_number,
        const char *mobile, enum match *out, struct reason *why);
    /* REFUSED with code wrong_side, blurred, incomplete, copy, screen or not_card. */
    enum outcome (*id_card)(struct op *op, bool front, const void *jpeg, size_t size,
        struct id_card *out, struct reason *why);
    enum outcome (*liveness)(struct op *op, const struct liveness_request *r,
        struct liveness_status *out, struct reason *why);
};

/* ---- Courier ---- */
enum parcel_state {
    PARCEL_LABELLED,
    PARCEL_PICKED,
    PARCEL_IN_TRANSIT,
    PARCEL_OUT,
    PARCEL_SIGNED,
    PARCEL_PROBLEM,
    PARCEL_RETURNING,
    PARCEL_RETURNED,
    PARCEL_LOST,
};
struct parcel_event {
    const char *event_id; /* unique per waybill */
    const char *tracking_no;
    int64_t at;
    const char *code, *place, *remark;
    enum parcel_state state;
};
struct courier_provider {
    const char *name; /* "sf" */
    /* phone_tail: last four digits of the recipient's phone, which the courier asks for. */
    enum outcome (*track)(struct op *op, const char *tracking_no, const char *phone_tail,
        struct parcel_event **events, size_t *n, struct reason *why);
    /* An unsigned push is a hint only: names the waybills to be tracked. */
    enum err (*parse_push)(
        struct op *op, const struct callback *cb, const char ***tracking_nos, size_t *n) MUST_USE;
    void (*answer)(bool accepted, int *status, const char **content_type, const char **body);
};

/* ---- Electronic invoices ---- */
struct invoice_request {
    const char *number;   /* ours, unique, at most 20 characters, never changes over retries */
    const char *order_no; /* printed as the remark */
    bool special;         /* VAT-deductible; else an ordinary one */
    bool natural_person;  /* the buyer has no tax number */
    const char *buyer_name;
    /* NULL where the buyer gave none */
    const char *tax_number, *address_phone, *bank_account, *email, *mobile;
    int64_t amount_fen, excluded_fen, tax_fen; /* amount = excluded + tax */
};
struct invoice_reversal {
    const char *number; /* of the red invoice, as above */
    const char *blue;   /* invoice number of what it takes back, 20 digits */
    bool special;
    const char *buyer_tax_number; /* may be NULL */
};
enum invoice_stage { INVOICE_AT_WORK, INVOICE_DONE, INVOICE_UNSEALED, INVOICE_NOT_MADE };
struct invoice_status {
    enum invoice_stage stage;      /* UNSEALED: issued, but the seal failed: reseal */
    const char *invoice_number;    /* 20 digits; NULL until DONE */
    int64_t issued_at;             /* UTC seconds */
    int64_t excluded_fen, tax_fen; /* as the provider says; below 0 on a red invoice */
    const char *pdf_url;           /* NULL until DONE */
    const char *failure;           /* NOT_MADE: the tax platform's words */
};
struct invoice_file {
    const void *data; /* in the arena */
    size_t size;
};
enum { INVOICE_FILE_MOST = 2 << 20 };
struct invoice_provider {
    const char *name;
    /* DONE: accepted, no more; also for a number that was accepted before. */
    enum outcome (*issue)(struct op *op, const struct invoice_request *r, struct reason *why);
    /* Blue and red alike. REFUSED with code "NOT_FOUND" when the provider knows no such number (not
     * proof soon after a submission). */
    enum outcome (*query)(
        struct op *op, const char *number, struct invoice_status *out, struct reason *why);
    /* Of an INVOICE_UNSEALED one. */
    enum outcome (*reseal)(struct op *op, const char *number, struct reason *why);
    /* As issue; may be repeated with the same number until the query knows it. UNKNOWN with code
     * "WAITS_FOR_BUYER" while the buyer has to agree. */
    enum outcome (*reverse)(struct op *op, const struct invoice_reversal *r, struct reason *why);
    /* The file behind an address of the query; REFUSED with code "HOST" for one that is not the
     * provider's. Whoever asks judges the content. */
    enum outcome (*fetch)(
        struct op *op, const char *url, struct invoice_file *out, struct reason *why);
};

/* The chosen implementations of this process; a kind the process has no right to is NULL. */
struct providers {
    const struct sms_provider *sms;
    const struct pay_provider *wechat_pay, *alipay;
    const struct bank_provider *bank;
    const struct identity_provider *identity;
    const struct courier_provider *courier;
    const struct invoice_provider *invoice; /* NULL also where none is configured */
};

/* Fills *out from the settings, loads the keys. `why` says in one sentence what is missing. With
 * callbacks_only just what verifies callbacks is loaded; whatever sends is then NOT_SENT. Call it
 * before any thread; the keys are wiped by providers_close(), which also runs at exit. */
enum err providers_open(const struct conf *conf, bool callbacks_only, struct providers *out,
    char *why, size_t why_size) MUST_USE;
void providers_close(void);

#endif
