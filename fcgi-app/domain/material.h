/* The kinds of documents: who needs which, and when one may be uploaded. */
#ifndef HALL_DOMAIN_MATERIAL_H
#define HALL_DOMAIN_MATERIAL_H

#include <stdbool.h>
#include <stddef.h>

#include "domain/form.h"
#include "domain/order.h"

enum material_kind {
#define MATERIAL(name, code, types, source, needed, zh, en) MATERIAL_##name,
#include "domain/material.def"
    MATERIAL_MAX
};

enum material_source { MATERIAL_SCAN, MATERIAL_CARD, MATERIAL_VIDEO };

/* Bytes: 2 MiB of a scan or a picture (guide, 上传), 6 MiB of a video: the provider takes 8 MiB in
 * base64. */
size_t material_max_size(enum material_kind k);
enum { MATERIAL_PDF_PAGES = 10, MATERIAL_SHORT_SIDE = 800 /* pixels of a scanned JPEG */ };

const char *material_code(enum material_kind k); /* "application_form" */
bool material_parse(const char *code, enum material_kind *out);
enum material_source material_source(enum material_kind k);

/* Whether this type of certificate knows the document at all. */
bool material_applies(enum material_kind k, enum certificate_type type);
/* Whether T05 (and T22) need it. */
bool material_required(enum material_kind k, enum certificate_type type);
/* Whether it may be put or removed in this state. */
bool material_open(enum material_kind k, enum certificate_type type, enum order_state s);

#endif
