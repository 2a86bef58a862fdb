# Builds, tests and installs forge with GNU make.  There is no other makefile.
#   make                                   everything, into build/
#   make check SANITIZE=address,undefined  the tests, built so in build-address,undefined/
#   make install DESTDIR=$PWD/stage
all:
CXX = $(error run "make deps && autoreconf && ./configure" first)
INSTALL = install
-include config.mk

BUILD   = build$(SANITIZE:%=-%)

# One file in src/main is one program; the rest of src is the library they share.
PROGRAMS = $(patsubst src/main/%.cc,$(BUILD)/%,$(wildcard src/main/*.cc))
SOURCES  = $(wildcard src/*/*.cc tests/unit/*.cc)
OBJECTS  = $(SOURCES:%.cc=$(BUILD)/%.o)
FILLED   = $(patsubst %.in,$(BUILD)/%,$(wildcard nginx/*.in systemd/*.in cron/*.in src/*/*.in))

FLAGS   = -std=c++20 -Isrc -I. -MMD -MP -Wall -Wextra -Wpedantic -Wshadow -Wconversion $(WERROR) \
          -DFORGE_VERSION='"$(VERSION)"' \
          $(SANITIZE:%=-fsanitize=% -fno-sanitize-recover=all -fno-omit-frame-pointer)
COMPILE = $(CXX) $(CPPFLAGS) $(FLAGS) $(CXXFLAGS)
LINK    = $(COMPILE) -pthread -Wl,--as-needed $(LDFLAGS)

all: $(PROGRAMS) $(FILLED)
$(PROGRAMS): $(BUILD)/%: $(BUILD)/src/main/%.o $(BUILD)/libforge.a
	$(LINK) $^ $(LIBS) -o $@
$(BUILD)/unit-tests: $(filter $(BUILD)/tests/%,$(OBJECTS)) $(BUILD)/libforge.a
	$(LINK) $^ $(LIBS) $(CPPUNIT_LIBS) -o $@
$(BUILD)/libforge.a: $(filter-out $(BUILD)/src/main/% $(BUILD)/tests/%,$(OBJECTS))
	rm -f $@ && $(AR) rcs $@ $^
$(BUILD)/%.o: %.cc $(BUILD)/flags
	@mkdir -p $(@D)
	$(COMPILE) -c $< -o $@
$(BUILD)/%: %.in config.mk
	@mkdir -p $(@D)
	sed $(foreach v,VERSION bindir sbindir sysconfdir datadir localstatedir runstatedir,-e 's|@$v@|$($v)|g') $< > $@
$(BUILD)/flags: FORCE    # changes when the flags do, and only then
	@mkdir -p $(@D)
	@echo '$(COMPILE)' | cmp -s - $@ || echo '$(COMPILE)' > $@

check test: all $(BUILD)/unit-tests
	$(BUILD)/unit-tests
	tests/floors
clean distclean:
	rm -rf build build-* $(if $(filter distclean,$@),config.mk config.log config.status configure autom4te.cache aclocal.m4)
.PHONY: all check test lint install clean distclean FORCE
.DELETE_ON_ERROR:
-include $(OBJECTS:.o=.d)
