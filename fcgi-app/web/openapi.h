/* OpenAPI 3.1 from the route tables: what is served and what is described cannot drift. */
#ifndef HALL_WEB_OPENAPI_H
#define HALL_WEB_OPENAPI_H

#include "web/route.h"

/* The document of the routes below prefix ("/api/v1/"), as text in the arena. */
const char *openapi_text(struct op *op, const char *title, const char *prefix);

#endif
