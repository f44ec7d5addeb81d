# The hall. `make help` lists the verbs.
CC      ?= gcc
B       ?= build
WARN     = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
           -Wcast-qual -Wwrite-strings -Wvla -Wformat=2 -Wundef -Wimplicit-fallthrough -Wno-overlength-strings \
           -Wno-gnu-zero-variadic-macro-arguments -Werror
OPT     ?= -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong
SAN      = -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
PACKAGES = libpq jansson libcurl openssl libutf8proc libseccomp pangocairo libqrencode libqpdf libturbojpeg zbar \
           fontconfig pangoft2 poppler-glib zlib
PKG     := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null | sed 's/-I/-isystem /g')
LIBS    := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lfcgi -lhiredis -lpthread -lm
CFLAGS   = -std=gnu17 -D_GNU_SOURCE $(WARN) $(OPT) -pthread -fPIE -Ifcgi-app -I$(B) $(PKG) -MMD -MP
LDFLAGS  = -pie -Wl,-z,relro,-z,now,--as-needed

MODULES  = $(wildcard fcgi-app/*/*.c)
OBJ      = $(MODULES:fcgi-app/%.c=$(B)/%.o)
MAINS    = $(wildcard fcgi-app/*.c)
PROGRAMS = $(MAINS:fcgi-app/%.c=$(B)/%)
UNIT     = $(wildcard tests/unit/*_test.c)
UNITS    = $(UNIT:tests/unit/%.c=$(B)/unit/%)
HEADERS  = $(wildcard fcgi-app/*/*.h)

.PHONY: all help deps run test check browser screens guide-pictures www check-www bench bench-web tools provider unit units db floors headers format check-format clean
.SECONDARY:

all: $(PROGRAMS) ## build the programs into build/

deps: ## install what is missing (Debian packages, npm lock file)
	@scripts/deps

run: deps ## the whole hall in .run/, two applications before your eyes; ONCE=1 ends after them
	@$(MAKE) -s all tools www
	@scripts/run

test: deps ## everything, in a directory of its own, also while `make run` is up
	@node scripts/test.mjs

check: ## builds with -Werror under gcc and clang, floors, headers, format, types of the pages, unit tests
	@$(MAKE) -s all tools floors headers check-format check-www
	@$(MAKE) -s CC=clang B=build-clang all
	@$(MAKE) -s unit

www: ## the pages, from www/ into www/dist
	@node scripts/build-www.mjs
check-www: www ## their types, and what they weigh
	@node node_modules/typescript/bin/tsc -p www
	@node scripts/check-weights.mjs

screens: deps ## a picture of every page, desktop and phone, in .run/screens/ (RUN=DIR)
	@$(MAKE) -s all tools www
	@SHOTS=$(abspath $(or $(RUN),.run))/screens node tests/api/run.mjs tests/e2e/*.test.mjs

guide-pictures: deps ## the pictures of the guide anew, from the pages as they are
	@$(MAKE) -s all tools www
	@scripts/guide-pictures

bench-web: deps ## what the pages weigh, and what Lighthouse says of them
	@$(MAKE) -s all tools www
	@cd scripts/bench/web && { [ node_modules -nt package-lock.json ] || npm ci --no-audit --no-fund --loglevel=error; }
	@node scripts/bench/web/web.mjs

browser: deps ## journeys through the pages, in Chromium
	@$(MAKE) -s all tools www
	@node tests/api/run.mjs tests/e2e/*.test.mjs

bench: deps ## throughput and latency as ratios of one run
	@$(MAKE) -s all
	@node scripts/bench/bench.mjs

help: ## list the verbs
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(B)/query.def: scripts/sql2c.awk $(wildcard sql/query/*.sql)
	@mkdir -p $(@D)
	@awk -f $^ > $@.tmp && mv $@.tmp $@

$(B)/%.o: fcgi-app/%.c | $(B)/query.def
	@mkdir -p $(@D)
	@echo "  CC $@"; $(CC) $(CFLAGS) -c -o $@ $<

# One library, so that a program or a test links just what it uses.
$(B)/libhall.a: $(OBJ)
	@rm -f $@
	@ar rcs $@ $^

$(B)/hall-%: fcgi-app/hall-%.c $(B)/libhall.a
	@echo "  CC $@"; $(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(B)/libhall.a $(LIBS)

# What tests and their tools share.
KIT      = $(wildcard tests/kit/*.c)
$(B)/kit/%.o: tests/kit/%.c
	@mkdir -p $(@D)
	@echo "  CC $@"; $(CC) $(CFLAGS) -Itests/kit -c -o $@ $<
$(B)/libkit.a: $(KIT:tests/kit/%.c=$(B)/kit/%.o)
	@rm -f $@
	@ar rcs $@ $^

$(B)/unit/%: tests/unit/%.c $(B)/libhall.a $(B)/libkit.a
	@mkdir -p $(@D)
	@echo "  CC $@"; $(CC) $(CFLAGS) -Itests/unit -Itests/kit $(LDFLAGS) -o $@ $< $(B)/libkit.a $(B)/libhall.a $(LIBS)

# Tools that tests and people use; never installed.
$(B)/tools/%: tests/tools/%.c $(B)/libhall.a $(B)/libkit.a
	@mkdir -p $(@D)
	@echo "  CC $@"; $(CC) $(CFLAGS) -Itests/kit $(LDFLAGS) -o $@ $< $(B)/libkit.a $(B)/libhall.a $(LIBS)

TOOLS = $(patsubst tests/tools/%.c,$(B)/tools/%,$(wildcard tests/tools/*.c))
tools: $(TOOLS) ## test tools: printed forms, scans
# It starts the real signer.
$(B)/unit/pki_process_test: $(B)/hall-signer

# Programs that run the connectors against the sandbox.
$(B)/provider/%: tests/provider/%.c tests/provider/control.h tests/unit/provider_help.h $(B)/libhall.a
	@mkdir -p $(@D)
	@echo "  CC $@"; $(CC) $(CFLAGS) -Itests/unit $(LDFLAGS) -o $@ $< $(B)/libhall.a $(LIBS)

provider: ## the connectors against the sandbox, with all its faults
	$(MAKE) B=build-asan OPT='$(SAN)' $(patsubst tests/provider/%.c,build-asan/provider/%,$(wildcard tests/provider/*.c))
	node tests/provider/run.mjs build-asan

units: $(UNITS)
unit: ## unit tests under ASan and UBSan
	$(MAKE) B=build-asan OPT='$(SAN)' units
	prove -j2 $(UNIT:tests/unit/%.c=build-asan/unit/%)

db: all ## hall-ctl and the database, on a PostgreSQL of the tests' own
	node --test tests/db/

floors: ## who may include whom
	awk -f scripts/floors.awk $$(find fcgi-app -name '*.[ch]')

headers: $(B)/query.def ## every header compiles alone
	@for h in $(HEADERS); do $(CC) $(CFLAGS) -fsyntax-only -MF /dev/null -xc $$h || exit 1; done

format: ## let clang-format lay out the C
	clang-format -i $$(find fcgi-app tests -name '*.[ch]')
check-format:
	clang-format --dry-run -Werror $$(find fcgi-app tests -name '*.[ch]')

clean:
	rm -rf build build-*

-include $(OBJ:.o=.d) $(KIT:tests/kit/%.c=$(B)/kit/%.d)
