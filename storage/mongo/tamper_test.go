package mongo_test

import (
	"context"
	"fmt"
	"haidang/courses"
	"haidang/courses/records"
	"haidang/storage/mongo"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
)

// scene is a ledger of 300 entries under heads of the sizes 1, 130 and 300, which
// somebody with all rights on the database tampers with.
type scene struct {
	t    *testing.T
	db   *mongo.DB
	ids  []courses.CompletionID // by leaf
	keys records.Keys
}

const entries = 300

func newScene(t *testing.T) scene {
	t.Helper()
	sc := scene{t: t, db: open(t), keys: newKeys(t)}
	s := ledger(sc.db, sc.db.Records(), sc.keys)
	add(t, sc.db, 0, 1)
	sequence(t, s, 1)
	add(t, sc.db, 1, 129)
	sequence(t, s, 129)
	add(t, sc.db, 130, 170)
	sequence(t, s, 170)
	list, err := s.Since(t.Context(), 0, entries)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range list {
		sc.ids = append(sc.ids, c.ID)
	}
	return sc
}

// docs is all that the ledger's collections hold.
func (sc scene) docs() map[string][]any {
	sc.t.Helper()
	all := map[string][]any{}
	for _, c := range ledgerCollections {
		cursor, err := sc.db.Raw().Collection(c).Find(sc.t.Context(), bson.M{})
		if err != nil {
			sc.t.Fatal(err)
		}
		var docs []bson.D
		if err := cursor.All(sc.t.Context(), &docs); err != nil {
			sc.t.Fatal(err)
		}
		for _, d := range docs {
			all[c] = append(all[c], d)
		}
	}
	return all
}

func (sc scene) restore(all map[string][]any) {
	sc.t.Helper()
	empty(sc.t, sc.db, ledgerCollections...)
	for c, docs := range all {
		if _, err := sc.db.Raw().Collection(c).InsertMany(sc.t.Context(), docs); err != nil {
			sc.t.Fatal(err)
		}
	}
}

// set changes fields of a document; a nil takes the field away.
func (sc scene) set(collection string, id any, fields bson.M) {
	sc.t.Helper()
	change, gone := bson.M{}, bson.M{}
	for name, value := range fields {
		if value == nil {
			gone[name] = ""
			continue
		}
		change[name] = value
	}
	update := bson.M{}
	if len(change) > 0 {
		update["$set"] = change
	}
	if len(gone) > 0 {
		update["$unset"] = gone
	}
	result, err := sc.db.Raw().Collection(collection).UpdateByID(sc.t.Context(), id, update)
	if err != nil || result.ModifiedCount != 1 {
		sc.t.Fatalf("tamper with %s %v: %+v, %v", collection, id, result, err)
	}
}

// take deletes a document and gives it.
func (sc scene) take(collection string, id any) bson.M {
	sc.t.Helper()
	var doc bson.M
	if err := sc.db.Raw().Collection(collection).FindOneAndDelete(sc.t.Context(), bson.M{"_id": id}).Decode(&doc); err != nil {
		sc.t.Fatal(err)
	}
	return doc
}

func (sc scene) insert(collection string, doc bson.M) {
	sc.t.Helper()
	if _, err := sc.db.Raw().Collection(collection).InsertOne(sc.t.Context(), doc); err != nil {
		sc.t.Fatal(err)
	}
}

// rename gives a document another id.
func (sc scene) rename(collection string, id, to any) {
	sc.t.Helper()
	doc := sc.take(collection, id)
	doc["_id"] = to
	sc.insert(collection, doc)
}

// head is the note of the head of a size.
func (sc scene) head(size int64) string {
	sc.t.Helper()
	list, err := sc.db.Records().Heads(sc.t.Context(), size, 1)
	if err != nil || len(list) != 1 || list[0].Size != size {
		sc.t.Fatalf("the head of size %d: %v, %v", size, list, err)
	}
	return list[0].Note
}

// hashes changes what a chunk of stored hashes holds.
func (sc scene) hashes(chunk int64, change func([]byte) []byte) {
	sc.t.Helper()
	doc := sc.take("ledger_hashes", chunk)
	doc["hashes"] = change(doc["hashes"].(primitive.Binary).Data)
	sc.insert("ledger_hashes", doc)
}

// forged is an entry as somebody would add it by hand.
func forged(fields bson.M) bson.M {
	doc := bson.M{
		"_id": "forged", "person": "person-1", "course": "course-1", "version": "version", "courseCode": "X", "courseTitle": "X", "issuer": "SNV",
		"issuerName": "X", "knowledge": "khac", "tiet": 400, "unit": "U0", "unitName": "X", "startedAt": noon, "completedAt": noon, "salt": "00",
	}
	for name, value := range fields {
		doc[name] = value
	}
	return doc
}

// other is another value of the same type.
func other(t *testing.T, value any) any {
	t.Helper()
	switch v := value.(type) {
	case string:
		return v + "x"
	case int32:
		return v + 1
	case int64:
		return v + 1
	case primitive.DateTime:
		return primitive.NewDateTimeFromTime(v.Time().Add(time.Millisecond))
	}
	t.Fatalf("no other value of type %T is known", value)
	return nil
}

// named says whether a finding speaks of an entry, by its id and leaf.
func named(list []records.Finding, leaf int64, id courses.CompletionID) bool {
	return slices.ContainsFunc(list, func(f records.Finding) bool { return f.Leaf == leaf && f.ID == id })
}

func said(list []records.Finding, words string) bool {
	return slices.ContainsFunc(list, func(f records.Finding) bool { return strings.Contains(f.What, words) })
}

func TestEveryChangedFieldOfAnEntryIsNamed(t *testing.T) {
	sc := newScene(t)
	s := ledger(sc.db, sc.db.Records(), sc.keys)
	right(t, sc.db, s, entries)
	const leaf = 200
	id := sc.ids[leaf]
	var doc bson.M
	if err := sc.db.Raw().Collection("completions").FindOne(t.Context(), bson.M{"_id": id}).Decode(&doc); err != nil {
		t.Fatal(err)
	}
	fields := 0
	for name, value := range doc { // as they are stored: a new field that no leaf covers fails here
		if name == "_id" || name == "leaf" {
			continue
		}
		fields++
		sc.set("completions", id, bson.M{name: other(t, value)})
		if list := findings(t, s); len(list) != 1 || !named(list, leaf, id) {
			t.Errorf("after %s changed verify finds %+v", name, list)
		}
		sc.set("completions", id, bson.M{name: nil})
		if list := findings(t, s); len(list) != 1 || !named(list, leaf, id) {
			t.Errorf("after %s was deleted verify finds %+v", name, list)
		}
		sc.set("completions", id, bson.M{name: value})
	}
	if fields != 14 {
		t.Errorf("an entry has %d fields besides its id and leaf", fields)
	}
	right(t, sc.db, s, entries)
}

func TestEveryKindOfTamperingIsNamed(t *testing.T) {
	sc := newScene(t)
	s := ledger(sc.db, sc.db.Records(), sc.keys)
	untouched := sc.docs()
	for _, c := range []struct {
		name   string
		tamper func(t *testing.T)
		found  func(list []records.Finding) bool
	}{
		{"an entry has another id", func(*testing.T) { sc.rename("completions", sc.ids[7], "other") }, func(list []records.Finding) bool {
			return len(list) == 1 && named(list, 7, "other")
		}},
		{"an entry is dropped", func(*testing.T) { sc.take("completions", sc.ids[150]) }, func(list []records.Finding) bool {
			return len(list) == 1 && named(list, 150, "") && said(list, "missing")
		}},
		{"the last entry is dropped", func(*testing.T) { sc.take("completions", sc.ids[299]) }, func(list []records.Finding) bool {
			return len(list) == 1 && named(list, 299, "") && said(list, "missing")
		}},
		{"all entries are dropped", func(t *testing.T) { empty(t, sc.db, "completions") }, func(list []records.Finding) bool {
			return len(list) == entries && named(list, 0, "") && named(list, 299, "")
		}},
		{"two leaves are swapped", func(*testing.T) {
			sc.set("completions", sc.ids[10], bson.M{"leaf": 1000})
			sc.set("completions", sc.ids[20], bson.M{"leaf": 10})
			sc.set("completions", sc.ids[10], bson.M{"leaf": 20})
		}, func(list []records.Finding) bool {
			return len(list) == 2 && named(list, 10, sc.ids[20]) && named(list, 20, sc.ids[10])
		}},
		{"an entry takes the place of another", func(*testing.T) {
			sc.take("completions", sc.ids[150])
			sc.insert("completions", forged(bson.M{"leaf": int64(150)}))
		}, func(list []records.Finding) bool { return len(list) == 1 && named(list, 150, "forged") }},
		{"an entry follows the last", func(*testing.T) { sc.insert("completions", forged(bson.M{"leaf": int64(300)})) }, func(list []records.Finding) bool {
			return len(list) == 1 && named(list, 300, "forged")
		}},
		{"an entry stands far beyond the last", func(*testing.T) { sc.insert("completions", forged(bson.M{"leaf": int64(1) << 40})) }, func(list []records.Finding) bool {
			return len(list) == 1 && named(list, 1<<40, "forged")
		}},
		{"an entry stands before the first", func(*testing.T) { sc.insert("completions", forged(bson.M{"leaf": int64(-1)})) }, func(list []records.Finding) bool {
			return len(list) == 1 && named(list, -1, "forged")
		}},
		{"an entry never gets a leaf", func(*testing.T) { sc.insert("completions", forged(nil)) }, func(list []records.Finding) bool {
			return len(list) == 1 && named(list, -1, "forged")
		}},
		{"an entry's leaf is taken away", func(*testing.T) { sc.set("completions", sc.ids[7], bson.M{"leaf": nil}) }, func(list []records.Finding) bool {
			return len(list) == 2 && named(list, 7, "") && named(list, -1, sc.ids[7])
		}},
		{"a leaf's hash is changed", func(*testing.T) { sc.hashes(0, func(b []byte) []byte { b[0] ^= 1; return b }) }, func(list []records.Finding) bool {
			return named(list, 0, sc.ids[0])
		}},
		{"an inner hash is changed", func(*testing.T) { sc.hashes(0, func(b []byte) []byte { b[2*32+5] ^= 1; return b }) }, func(list []records.Finding) bool {
			return len(list) == 1 && said(list, "over leaves 0–1 was changed")
		}},
		{"the last hashes are cut off", func(*testing.T) { sc.hashes(2, func(b []byte) []byte { return b[:len(b)-32] }) }, func(list []records.Finding) bool {
			return len(list) > 0
		}},
		{"a chunk of hashes is dropped", func(*testing.T) { sc.take("ledger_hashes", int64(1)) }, func(list []records.Finding) bool {
			return named(list, 150, sc.ids[150])
		}},
		{"the newest head is larger", func(*testing.T) { sc.rename("ledger_heads", int64(300), int64(301)) }, func(list []records.Finding) bool {
			return named(list, 300, "") && said(list, "the head of size 301: it was signed for another size")
		}},
		{"the newest head is smaller", func(*testing.T) { sc.rename("ledger_heads", int64(300), int64(299)) }, func(list []records.Finding) bool {
			return named(list, 299, sc.ids[299]) && said(list, "the head of size 299: it was signed for another size")
		}},
		{"an old head has another size", func(*testing.T) { sc.rename("ledger_heads", int64(130), int64(131)) }, func(list []records.Finding) bool {
			return len(list) == 1 && said(list, "the head of size 131: it was signed for another size")
		}},
		{"a head says another hash", func(*testing.T) {
			lines := strings.SplitN(sc.head(130), "\n", 4)
			lines[2] = strings.Split(sc.head(300), "\n")[2]
			sc.set("ledger_heads", int64(130), bson.M{"note": strings.Join(lines, "\n")})
		}, func(list []records.Finding) bool { return len(list) == 1 && said(list, "the head of size 130") }},
		{"a head says another size", func(*testing.T) {
			sc.set("ledger_heads", int64(130), bson.M{"note": strings.Replace(sc.head(130), "\n130\n", "\n131\n", 1)})
		}, func(list []records.Finding) bool { return len(list) == 1 && said(list, "the head of size 130") }},
		{"a head has no signature", func(*testing.T) {
			sc.set("ledger_heads", int64(300), bson.M{"note": sc.head(300)[:strings.Index(sc.head(300), "\n\n")+2]})
		}, func(list []records.Finding) bool { return len(list) == 1 && said(list, "the head of size 300") }},
		{"a head is signed by another", func(t *testing.T) {
			stranger := open(t)
			s := ledger(stranger, stranger.Records(), newKeys(t))
			add(t, stranger, 0, 1)
			sequence(t, s, 1)
			h, _, err := s.Head(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			sc.set("ledger_heads", int64(1), bson.M{"note": h.Note})
		}, func(list []records.Finding) bool { return len(list) == 1 && said(list, "the head of size 1:") }},
		{"an old head takes the place of the newest", func(*testing.T) {
			sc.set("ledger_heads", int64(300), bson.M{"note": sc.head(130)})
		}, func(list []records.Finding) bool {
			return len(list) == 1 && said(list, "the head of size 300: it was signed for another size")
		}},
		{"the newest head is dropped", func(*testing.T) { sc.take("ledger_heads", int64(300)) }, func(list []records.Finding) bool {
			return len(list) == 170 && named(list, 130, sc.ids[130]) && named(list, 299, sc.ids[299])
		}},
		{"all heads are dropped", func(t *testing.T) { empty(t, sc.db, "ledger_heads") }, func(list []records.Finding) bool {
			return len(list) == entries && named(list, 0, sc.ids[0])
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			sc.restore(untouched)
			c.tamper(t)
			if list := findings(t, s); !c.found(list) {
				t.Errorf("verify finds %d: %.600s", len(list), fmt.Sprintf("%+v", list))
			}
		})
	}
	sc.restore(untouched)
	right(t, sc.db, s, entries)
}

func TestWhatWaitsForItsLeafIsNoFinding(t *testing.T) {
	sc := newScene(t)
	s := ledger(sc.db, sc.db.Records(), sc.keys)
	if err := s.Add(context.Background(), completion(1000, "p", noon)); err != nil {
		t.Fatal(err)
	}
	if list := findings(t, s); len(list) != 0 {
		t.Errorf("verify finds %+v", list)
	}
}
