package handlers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
)

// TestStraightTakesWhatTheSchemaAllows holds fits against the tags that it repeats: a
// batch that goes straight is one that huma would take, and reads the same.
func TestStraightTakesWhatTheSchemaAllows(t *testing.T) {
	registry := huma.NewMapRegistry("#/", huma.DefaultSchemaNamer)
	schema := registry.Schema(reflect.TypeFor[eventBatch](), true, "")
	allow(registry)
	straight, refused := 0, 0
	for name, sent := range batches() {
		var tree any
		res := huma.ValidateResult{}
		if err := json.Unmarshal(sent, &tree); err != nil {
			res.Errors = append(res.Errors, err)
		} else {
			huma.Validate(registry, schema, huma.NewPathBuffer([]byte{}, 0), huma.ModeWriteToServer, tree, &res)
		}
		in, plain := plainly[eventBatch](bytes.NewReader(sent))
		switch {
		case plain && len(res.Errors) > 0:
			t.Errorf("%s: goes straight, and the schema says %v", name, res.Errors)
		case plain:
			straight++
			var want eventBatch
			if err := json.Unmarshal(sent, &want); err != nil || !reflect.DeepEqual(in, want) {
				t.Errorf("%s: read as %+v and not as %+v: %v", name, in, want, err)
			}
		case len(res.Errors) > 0:
			refused++
		}
	}
	if straight < 25 || refused < 150 {
		t.Errorf("%d go straight and %d are refused: too few to say anything", straight, refused)
	}
}

// allow makes the schemas as strict as those of the API.
func allow(registry huma.Registry) {
	for _, s := range registry.Map() {
		s.AdditionalProperties = false
		s.PrecomputeMessages()
	}
}

// batches is a plain batch and what one change makes of it.
func batches() map[string][]byte {
	event := map[string]any{
		"id": "01928a3c-0000-7000-8000-000000000001", "enrolment": "e", "lesson": "l", "kind": "answered", "at": "2026-11-27T08:00:00.5+07:00",
		"fromMs": 0, "toMs": 1000, "elapsedMs": 900, "page": 3, "question": "q", "chosen": []int{0, 2}, "offline": true,
	}
	batch := map[string]any{"person": "p", "events": []any{event}}
	values := []any{
		nil, "", "x", true, false, 0, -1, 1, 1.5, 100_000, 100_001, 1e300, "2026-11-27", "2026-11-27T08:00:00Z", "0001-01-01T00:00:00Z",
		"01928A3C-0000-7000-8000-000000000001", "urn:uuid:01928a3c-0000-7000-8000-000000000001", "read", "READ", "scored",
		strings.Repeat("x", 36), strings.Repeat("x", 37), strings.Repeat("x", 80), strings.Repeat("x", 81), strings.Repeat("ộ", 30),
		[]any{},
		[]any{1, "x"},
		[]any{nil},
		make([]int, 20), make([]int, 21),
		map[string]any{},
		"null",
	}
	all := map[string][]byte{"as it is": written(batch), "nothing": {}, "cut": []byte(`{"events":[`), "twice": []byte(`{"events":[],"events":[]}`), "behind": append(written(batch), '}')}
	change := func(name string, in map[string]any, field string, value any, whole func(map[string]any) any) {
		changed := maps.Clone(in)
		changed[field] = value
		all[fmt.Sprintf("%s %s = %.40v (%T)", name, field, value, value)] = written(whole(changed))
	}
	inBatch := func(e map[string]any) any { return map[string]any{"events": []any{e}} }
	same := func(b map[string]any) any { return b }
	for _, value := range values {
		for field := range event {
			change("event", event, field, value, inBatch)
		}
		for field := range batch {
			change("batch", batch, field, value, same)
		}
		change("event", event, "more", value, inBatch)
		change("batch", batch, "Person", value, same)
	}
	for field := range event {
		without := maps.Clone(event)
		delete(without, field)
		all["event without "+field] = written(inBatch(without))
		change("event", without, strings.ToUpper(field), event[field], inBatch)
	}
	for _, n := range []int{0, 1, 500, 501} {
		list := make([]any, n)
		for i := range list {
			list[i] = event
		}
		all[fmt.Sprintf("%d events", n)] = written(map[string]any{"events": list})
	}
	return all
}

func written(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}
