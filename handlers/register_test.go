package handlers_test

import (
	"encoding/json"
	"haidang/handlers"
	"strings"
	"testing"
)

// TestEveryPathParameterIsRead holds against embedded input structs whose names
// are not exported: huma passes over them in silence.
func TestEveryPathParameterIsRead(t *testing.T) {
	b, err := handlers.New(handlers.Config{BaseURL: "http://127.0.0.1"}, handlers.Services{}).OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	var api struct {
		Paths map[string]map[string]struct {
			Parameters []struct{ Name, In string }
		}
	}
	if err := json.Unmarshal(b, &api); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for path, methods := range api.Paths {
		for method, op := range methods {
			seen++
			for _, part := range strings.Split(path, "/") {
				name, isParameter := strings.CutPrefix(part, "{")
				if !isParameter {
					continue
				}
				found := false
				for _, p := range op.Parameters {
					found = found || p.In == "path" && p.Name == strings.TrimSuffix(name, "}")
				}
				if !found {
					t.Errorf("%s %s does not read %s", method, path, part)
				}
			}
		}
	}
	if seen < 30 {
		t.Errorf("only %d operations", seen)
	}
}
