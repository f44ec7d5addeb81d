http.o: fcgi-app/web/http.h fcgi-app/base/op.h fcgi-app/base/arena.h \
 fcgi-app/base/err.h fcgi-app/base/err.def fcgi-app/base/fault.def
fcgi-app/base/op.h:
fcgi-app/base/arena.h:
fcgi-app/base/err.h:
fcgi-app/base/err.def:
fcgi-app/base/fault.def:
