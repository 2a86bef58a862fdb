# Builds, tests and installs forge with GNU make.  There is no other makefile.
#   make demo                              installs what is missing, builds, starts everything, runs the main job
#   make check                             installs what is missing, builds and tests
#   make                                   everything, into build/; V=1 shows the commands
#   make test SANITIZE=address,undefined   the tests, built so in build-address,undefined/
#   make smoke, tokened-smoke              one run through a whole system, without and with tokens (FORGE_URL: that one)
#   make faults                            crashes, failing disks and attacks, for hours
#   make install DESTDIR=$PWD/stage
#   make deps, deps-tests, deps-faults     the Debian packages for build and demo; for the tests beyond; for "make faults"
#   make peers                             what npm has for some tests
#   make lint, fuzz, clean, distclean
all:
INSTALL = install

# Debian packages.
DEPS       = autoconf automake g++ git make pkg-config libfcgi-dev libcurl4-openssl-dev libssl-dev libyaml-cpp-dev \
             libjansson-dev libsystemd-dev libre2-dev libzstd-dev libarchive-dev libseccomp-dev nginx-light
DEPS_TESTS = libcppunit-dev curl procps perl-base clang-tidy-16 clang-16 libclang-rt-16-dev shellcheck mandoc wrk strace \
             openssl jq gdb
DEPS_FAULTS = testssl.sh slowhttptest
SUDO       = $(if $(filter 0,$(shell id -u)),,sudo)
missing    = $(shell for p in $1; do dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done)
fetch      = $(if $(call missing,$1),$(SUDO) apt-get update -q && \
             $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $(call missing,$1))

# Some goals need no configuration: they may have to install the tools first.
ifneq ($(filter-out deps deps-tests deps-faults peers demo check faults lint clean distclean,$(or $(MAKECMDGOALS),all)),)
include config.mk
endif
config.mk: configure config.mk.in
	@echo "configure"; if [ -x config.status ]; then ./config.status -q --recheck && ./config.status -q; else ./configure -q; fi \
	    || { echo 'a library is missing: run "make deps", or "make demo"' >&2; exit 1; }
configure: configure.ac debian/changelog
	@$(if $(shell command -v autoreconf && command -v aclocal && command -v pkg-config),,$(error tools are missing: run "make deps", or "make demo"))
	@autoreconf

BUILD   = build$(SANITIZE:%=-%)
Q       = $(if $V,,@)
JOBS    = $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc))

# One file in src/main is one program; the rest of src is the library they share.
PROGRAMS = $(patsubst src/main/%.cc,$(BUILD)/%,$(wildcard src/main/*.cc))
SOURCES  = $(wildcard src/*/*.cc tests/unit/*.cc tests/bench/*.cc tests/faults/*.cc)
OBJECTS  = $(SOURCES:%.cc=$(BUILD)/%.o)
FILLED   = $(patsubst %.in,$(BUILD)/%,$(wildcard nginx/*.in systemd/*.in cron/*.in src/*/*.in))
PAGES    = $(filter $(BUILD)/src/%,$(FILLED))

FLAGS   = -std=c++20 -Isrc -I. -MMD -MP -Wall -Wextra -Wpedantic -Wshadow -Wconversion $(WERROR) \
          -DFORGE_VERSION='"$(VERSION)"' \
          $(SANITIZE:%=-fsanitize=% -fno-sanitize-recover=all -fno-omit-frame-pointer)
COMMIT := $(or $(shell git rev-parse HEAD 2>/dev/null),$(shell sed -n '/^[0-9a-f]*$$/p' COMMIT 2>/dev/null),unknown)
COMPILE = $(CXX) $(CPPFLAGS) $(FLAGS) $(CXXFLAGS)
LINK    = $(COMPILE) -pthread -Wl,--as-needed $(LDFLAGS)

all: $(PROGRAMS) $(FILLED)
$(PROGRAMS): $(BUILD)/%: $(BUILD)/src/main/%.o $(BUILD)/libforge.a
	@echo "link    $@"
	$(Q)$(LINK) $^ $(LIBS) -o $@
$(BUILD)/unit-tests: $(filter $(BUILD)/tests/unit/%,$(OBJECTS)) $(BUILD)/libforge.a
	@echo "link    $@"
	$(Q)$(LINK) $^ $(LIBS) $(CPPUNIT_LIBS) -o $@
$(BUILD)/test-provider: $(BUILD)/tests/provider.o $(BUILD)/tests/unit/scripted_server.o $(BUILD)/libforge.a
	@echo "link    $@"
	$(Q)$(LINK) $^ $(LIBS) -o $@
$(BUILD)/faults: $(filter $(BUILD)/tests/faults/%,$(OBJECTS)) $(BUILD)/libforge.a
	@echo "link    $@"
	$(Q)$(LINK) $^ $(LIBS) -o $@
$(BUILD)/libforge.a: $(filter-out $(BUILD)/src/main/% $(BUILD)/tests/%,$(OBJECTS))
	$(Q)rm -f $@ && $(AR) rcs $@ $^
$(BUILD)/%.o: %.cc $(BUILD)/flags
	@mkdir -p $(@D)
	@echo "compile $<"
	$(Q)$(COMPILE) -c $< -o $@
$(BUILD)/%: %.in config.mk
	@mkdir -p $(@D)
	$(Q)sed $(foreach v,VERSION bindir sbindir sysconfdir datadir localstatedir runstatedir,-e 's|@$v@|$($v)|g') $< > $@
$(BUILD)/src/base/build.o: CPPFLAGS += -DFORGE_COMMIT='"$(COMMIT)"'
$(BUILD)/src/base/build.o: $(BUILD)/commit
$(BUILD)/src/api/openapi.o: docs/openapi.yaml
$(BUILD)/commit: FORCE    # changes when the commit does
	@mkdir -p $(@D)
	@echo '$(COMMIT)' | cmp -s - $@ || echo '$(COMMIT)' > $@
$(BUILD)/flags: FORCE    # changes when the flags do, and only then
	@mkdir -p $(@D)
	@echo '$(COMPILE)' | cmp -s - $@ || echo '$(COMPILE)' > $@

deps:
	$(call fetch,$(DEPS))
deps-tests:
	$(call fetch,$(DEPS) $(DEPS_TESTS))
deps-faults:
	$(call fetch,$(DEPS) $(DEPS_TESTS) $(DEPS_FAULTS))
# Programs of others from npm that some tests compare ours with; those tests are skipped without them.
peers:
	$(if $(shell command -v npm),,$(call fetch,nodejs npm))
	npm ci --silent --no-audit --no-fund --prefix tests/peers
demo: deps
	@$(MAKE) $(JOBS) all
	@tests/demo $(BUILD)
check: deps-tests
	@$(MAKE) $(JOBS) test
BENCHES = $(patsubst tests/bench/%.cc,$(BUILD)/bench/%,$(wildcard tests/bench/*.cc))
$(BENCHES): $(BUILD)/bench/%: $(BUILD)/tests/bench/%.o $(BUILD)/libforge.a
	@mkdir -p $(@D)
	$(Q)$(LINK) $^ $(LIBS) -o $@
bench: all $(BENCHES)    # figures beside their baselines
	@tests/bench/run $(BUILD)
# Hours: what "make check" does samples of.  FORGE_SEED, FORGE_FAULT_MINUTES: see tests/faults/run.
faults: deps-faults
	@$(MAKE) $(JOBS) all $(BUILD)/unit-tests $(BUILD)/faults
	@tests/faults/run $(BUILD)
smoke tokened-smoke: all
	@tests/smoke $(if $(filter smoke,$@),bypass,tokened) $(BUILD)
test: all $(BUILD)/unit-tests $(BUILD)/fuzz-replay $(BUILD)/test-provider $(BUILD)/faults
	@tests/run $(BUILD)
	@tests/floors

lint: deps-tests
	@$(MAKE) $(JOBS) lint-sources lint-texts
TIDY = $(patsubst %,$(BUILD)/%.tidy,$(filter src/%,$(SOURCES)))
lint-sources: $(TIDY)
$(BUILD)/%.cc.tidy: %.cc .clang-tidy $(BUILD)/flags
	@mkdir -p $(@D)
	@echo "lint    $<"
	$(Q)clang-tidy-16 --quiet --warnings-as-errors='*' $< -- $(CPPFLAGS) -std=c++20 -Isrc -DFORGE_VERSION='"x"' -DFORGE_COMMIT='"x"' 2>$@.log || { cat $@.log; exit 1; }
	@touch $@
lint-texts: $(PAGES)
	shellcheck .ci/run tests/run tests/smoke tests/bench/run tests/bench/providers tests/demo tests/floors tests/lib.sh tests/issuer.sh tests/edge.sh tests/faults/run $(wildcard docs/examples/* tests/*.test tests/faults/*.test)
	mandoc -T lint -W warning $(PAGES)

# Each tests/fuzz/NAME.cc is a libFuzzer target; its corpus is replayed by "make test", in whatever way that is built.
# Clang 16: 14 cannot instrument coroutines, and does not understand the ranges of libstdc++ 12.
TARGETS = $(patsubst tests/fuzz/%.cc,%,$(wildcard tests/fuzz/*.cc))
$(BUILD)/fuzz-replay: $(TARGETS:%=$(BUILD)/fuzz/%)
	@touch $@
$(BUILD)/fuzz/%: tests/fuzz/%.cc tests/fuzz_replay.cc $(BUILD)/libforge.a
	@mkdir -p $(@D)
	@echo "link    $@"
	$(Q)$(COMPILE) -MF $@.d -pthread -Wl,--as-needed $(LDFLAGS) tests/fuzz_replay.cc -include $< $(BUILD)/libforge.a $(LIBS) -o $@
FUZZ_SECONDS = 60
fuzz: $(TARGETS:%=fuzz-%)
fuzz-%: tests/fuzz/%.cc
	@$(MAKE) $(JOBS) BUILD=build-fuzz CXX=clang++-16 CXXFLAGS='-g -O1 -fsanitize=fuzzer-no-link,address,undefined' build-fuzz/libforge.a
	clang++-16 -g -O1 -std=c++20 -Isrc -fsanitize=fuzzer,address,undefined $(CPPFLAGS) $< build-fuzz/libforge.a $(LIBS) -pthread -o build-fuzz/$*
	@mkdir -p tests/fuzz/corpus/$* build-fuzz/corpus-$*
	build-fuzz/$* -max_total_time=$(FUZZ_SECONDS) -artifact_prefix=build-fuzz/ build-fuzz/corpus-$* tests/fuzz/corpus/$*

put   = $(if $2,$(INSTALL) -D -m 644 -t $(DESTDIR)$1 $2)
share = $(datadir)/vaultmesh-forge
install: all
	$(INSTALL) -D -t $(DESTDIR)$(bindir) $(BUILD)/forge
	$(INSTALL) -D -t $(DESTDIR)$(sbindir) $(filter-out $(BUILD)/forge,$(PROGRAMS))
	$(call put,$(unitdir),$(filter $(BUILD)/systemd/%,$(FILLED)))
	$(call put,$(sysconfdir)/cron.d,$(filter $(BUILD)/cron/%,$(FILLED)))
	set -e; for page in $(PAGES); do $(INSTALL) -D -m 644 -t $(DESTDIR)$(mandir)/man$${page##*.} $$page; done
	$(call put,$(share)/nginx,$(wildcard nginx/*.conf) $(filter $(BUILD)/nginx/%,$(FILLED)))
	$(call put,$(share)/nginx/dashboard,$(wildcard nginx/dashboard/*))
	set -e; for file in $$(find catalog config -type f); do $(INSTALL) -D -m 644 $$file $(DESTDIR)$(share)/$$file; done
	$(INSTALL) -D -t $(DESTDIR)$(datadir)/doc/vaultmesh-forge/examples $(wildcard docs/examples/*)
	$(INSTALL) -d $(DESTDIR)$(datadir)/bash-completion/completions
	$(BUILD)/forge completion bash > $(DESTDIR)$(datadir)/bash-completion/completions/forge
clean distclean:
	rm -rf build build-* $(if $(filter distclean,$@),config.mk config.log config.status configure autom4te.cache aclocal.m4)
.PHONY: all check smoke tokened-smoke faults test bench demo deps deps-tests deps-faults peers lint lint-sources lint-texts install fuzz clean distclean FORCE
.DELETE_ON_ERROR:
-include $(OBJECTS:.o=.d) $(wildcard $(BUILD)/fuzz/*.d $(BUILD)/tests/*.d)
