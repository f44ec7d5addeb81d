arena.o: fcgi-app/base/arena.h
