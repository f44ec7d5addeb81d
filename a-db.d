db.o: fcgi-app/io/db.h fcgi-app/base/op.h fcgi-app/base/arena.h \
 fcgi-app/base/err.h fcgi-app/base/err.def fcgi-app/base/fault.def \
 build/query.def
fcgi-app/base/op.h:
fcgi-app/base/arena.h:
fcgi-app/base/err.h:
fcgi-app/base/err.def:
fcgi-app/base/fault.def:
build/query.def:
