conf.o: fcgi-app/io/conf.h fcgi-app/base/op.h fcgi-app/base/arena.h \
 fcgi-app/base/err.h fcgi-app/base/err.def fcgi-app/base/fault.def \
 fcgi-app/io/conf.def
fcgi-app/base/op.h:
fcgi-app/base/arena.h:
fcgi-app/base/err.h:
fcgi-app/base/err.def:
fcgi-app/base/fault.def:
fcgi-app/io/conf.def:
