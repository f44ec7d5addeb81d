text.o: fcgi-app/base/text.h fcgi-app/base/arena.h
fcgi-app/base/arena.h:
