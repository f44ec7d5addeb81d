/* The verbs of hall-ctl: what the owner of the hall does by hand. */
#ifndef HALL_CTL_VERB_H
#define HALL_CTL_VERB_H

#include "base/op.h"

/* Bits of verb.needs. */
enum {
    NEEDS_CONF = 1,     /* the settings file is read; without it CONF may be anything, such as - */
    NEEDS_DATABASE = 2, /* op->db is there */
    NEEDS_VAULT = 4,    /* op->vault is there */
    NEEDS_SANDBOX = 8,  /* refused where real people are served */
};

struct verb {
    const char *name;  /* one word or two */
    const char *usage; /* the arguments after the name */
    const char *what;
    unsigned needs;
    int least, most; /* arguments */
    /* args are ended by NULL. Results go to stdout; a failure leaves its reason in op->note. */
    enum err (*run)(struct op *op, char *const *args);
};

enum err ctl_migrate(struct op *op, char *const *args);
enum err ctl_keys(struct op *op, char *const *args);
enum err ctl_keys_add(struct op *op, char *const *args);
enum err ctl_ca_init(struct op *op, char *const *args);
enum err ctl_ca_check(struct op *op, char *const *args);
enum err ctl_ca_root_crl(struct op *op, char *const *args);
enum err ctl_staff_add(struct op *op, char *const *args);
enum err ctl_staff_reset(struct op *op, char *const *args);
enum err ctl_seed_logins(struct op *op, char *const *args);
enum err ctl_check_config(struct op *op, char *const *args);
enum err ctl_audit_verify(struct op *op, char *const *args);
enum err ctl_journal_verify(struct op *op, char *const *args);
enum err ctl_journal_compare(struct op *op, char *const *args);
enum err ctl_clock(struct op *op, char *const *args);

#endif
