package exchange_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"haidang/courses"
	"haidang/courses/assessment"
	"haidang/courses/exchange"
	"haidang/courses/media"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// unpacked is the entries of the course's package.
func unpacked(t testing.TB) []entry {
	t.Helper()
	b := written(t, island())
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var list []entry
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, entry{f.Name, string(content)})
	}
	return list
}

// manifest is the package with another course.json.
func manifest(t testing.TB, change func(doc map[string]any)) []entry {
	t.Helper()
	list := unpacked(t)
	var doc map[string]any
	if err := json.Unmarshal([]byte(list[0].content), &doc); err != nil {
		t.Fatal(err)
	}
	change(doc)
	b, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return with(list, entry{"course.json", string(b)})
}

// replaced is the package with one piece of course.json replaced by another.
func replaced(t testing.TB, from, to string) []entry {
	t.Helper()
	list := unpacked(t)
	if !strings.Contains(list[0].content, from) {
		t.Fatalf("course.json has no %s: %s", from, list[0].content)
	}
	return with(list, entry{"course.json", strings.Replace(list[0].content, from, to, 1)})
}

// without leaves out the entry that begins so.
func without(list []entry, content string) []entry {
	var kept []entry
	for _, e := range list {
		if !strings.HasPrefix(e.content, content) {
			kept = append(kept, e)
		}
	}
	return kept
}

func asset(doc map[string]any, i int) map[string]any {
	return doc["assets"].([]any)[i].(map[string]any)
}

func TestHostilePackagesAreRefused(t *testing.T) {
	whole := written(t, island())
	film := "media/" + hexSum(sources[filmID])
	bomb := strings.Repeat("\x00", 4<<20)
	for _, c := range []struct {
		name  string
		bytes []byte
		want  error
		field string // path and code of the first field
	}{
		{"nothing", nil, exchange.ErrNotPackage, ""},
		{"a zip of nothing", zipped(t, nil), exchange.ErrNotPackage, ""},
		{"a PDF", []byte("%PDF-1.7"), exchange.ErrNotPackage, ""},
		{"a Word document", zipped(t, parts(para("", "chữ"))), exchange.ErrNotPackage, ""},
		{"with a password", locked(whole), exchange.ErrNotPackage, ""},
		{"half", whole[:len(whole)/2], exchange.ErrCorrupt, ""},
		{"all but its last byte", whole[:len(whole)-1], exchange.ErrCorrupt, ""},
		{"a name upwards", zipped(t, append(unpacked(t), entry{"../etc/passwd", "x"})), exchange.ErrNames, ""},
		{"a name upwards inside", zipped(t, append(unpacked(t), entry{"media/../../x", "x"})), exchange.ErrNames, ""},
		{"an absolute name", zipped(t, append(unpacked(t), entry{"/etc/passwd", "x"})), exchange.ErrNames, ""},
		{"a backslash", zipped(t, append(unpacked(t), entry{`media\x`, "x"})), exchange.ErrNames, ""},
		{"a drive", zipped(t, append(unpacked(t), entry{`c:x`, "x"})), exchange.ErrNames, ""},
		{"a name twice", zipped(t, append(unpacked(t), entry{"course.json", "{}"})), exchange.ErrNames, ""},
		{"a name twice but for case", zipped(t, append(unpacked(t), entry{"Course.JSON", "{}"})), exchange.ErrNames, ""},
		{"course.json in capitals", zipped(t, append(unpacked(t)[1:], entry{"COURSE.JSON", unpacked(t)[0].content})), exchange.ErrNotPackage, ""},
		{"too many names", zipped(t, append(unpacked(t), many(5001)...)), exchange.ErrUnpacked, ""},
		{"a file too many", zipped(t, append(unpacked(t), entry{"media/" + hexSum("x"), "x"})), exchange.ErrPackageMedia, "media/" + hexSum("x") + " extra"},
		{"a program", zipped(t, append(unpacked(t), entry{"setup.exe", "MZ"})), exchange.ErrPackageMedia, "setup.exe extra"},
		{"a folder", zipped(t, append(unpacked(t), entry{"media/", ""})), exchange.ErrPackageMedia, "media/ extra"},
		{"no film", zipped(t, without(unpacked(t), sources[filmID])), exchange.ErrPackageMedia, "assets[0] missing"},
		{"another film of the same size", zipped(t, with(unpacked(t), entry{film, strings.Replace(sources[filmID], "phim", "film", 1)})), exchange.ErrPackageMedia, film + " hash"},
		{"a shorter film", zipped(t, with(unpacked(t), entry{film, sources[filmID][:100]})), exchange.ErrPackageMedia, "assets[0] size"},
		{"an empty film", zipped(t, with(unpacked(t), entry{film, ""})), exchange.ErrPackageMedia, "assets[0] size"},
		{"a film of 0 bytes", zipped(t, manifest(t, func(d map[string]any) { asset(d, 0)["bytes"] = 0 })), exchange.ErrPackageMedia, "assets[0] size"},
		{"a film of -1 bytes", zipped(t, manifest(t, func(d map[string]any) { asset(d, 0)["bytes"] = -1 })), exchange.ErrPackageForm, "assets[0].bytes range"},
		{"a film of 3 GiB", zipped(t, manifest(t, func(d map[string]any) { asset(d, 0)["bytes"] = 3 << 30 })), media.ErrSize, ""},
		{"a film that names the picture's bytes", zipped(t, manifest(t, func(d map[string]any) { asset(d, 0)["sha256"] = hexSum(pixel) })), exchange.ErrPackageMedia, "assets[0] size"},
		{"a PDF that names the picture's bytes and size", zipped(t, manifest(t, func(d map[string]any) {
			asset(d, 3)["sha256"], asset(d, 3)["bytes"] = hexSum(pixel), len(pixel)
		})), exchange.ErrPackageMedia, "media/" + hexSum(sources[paperID]) + " extra"},
		{"bytes that the package does not hold", zipped(t, manifest(t, func(d map[string]any) { asset(d, 0)["sha256"] = hexSum("elsewhere") })), exchange.ErrPackageMedia, "assets[0] missing"},
		{"a hash with a path", zipped(t, manifest(t, func(d map[string]any) { asset(d, 0)["sha256"] = "../course.json" })), exchange.ErrPackageForm, "assets[0].sha256 form"},
		{"a bomb that lies", packed(t, unpacked(t), film, []byte(bomb), uint64(len(sources[filmID]))), exchange.ErrCorrupt, ""},
		{"a bomb that says so", zipped(t, append(without(manifest(t, func(d map[string]any) {
			asset(d, 0)["bytes"], asset(d, 0)["sha256"] = len(bomb), hexSum(bomb)
		}), sources[filmID]), entry{"media/" + hexSum(bomb), bomb})), exchange.ErrUnpacked, ""},
		{"a course.json that is a bomb and lies", packed(t, unpacked(t), "course.json", []byte(bomb), 1000), exchange.ErrCorrupt, ""},
		{"a course.json that is a bomb", zipped(t, with(unpacked(t), entry{"course.json", strings.Repeat(" ", 19<<20)})), exchange.ErrUnpacked, ""},
		{"a course.json of 21 MiB", zipped(t, with(unpacked(t), entry{"course.json", strings.Repeat(" ", 21<<20)})), exchange.ErrUnpacked, ""},
		{"an unknown version", zipped(t, replaced(t, `"version":2`, `"version":3,"new":{}`)), exchange.ErrPackageVersion, "version 3"},
		{"no version", zipped(t, replaced(t, `"version":2,`, ``)), exchange.ErrPackageVersion, "version 0"},
		{"another format", zipped(t, replaced(t, `haidang.course`, `moodle`)), exchange.ErrNotPackage, ""},
		{"no JSON", zipped(t, with(unpacked(t), entry{"course.json", "khóa học"})), exchange.ErrNotPackage, ""},
		{"a list", zipped(t, with(unpacked(t), entry{"course.json", "[]"})), exchange.ErrNotPackage, ""},
		{"bytes that are no text", zipped(t, replaced(t, "Thông báo", "Th\xff")), exchange.ErrNotPackage, ""},
		{"more behind its end", zipped(t, with(unpacked(t), entry{"course.json", unpacked(t)[0].content + "{}"})), exchange.ErrNotPackage, ""},
		{"an unknown field", zipped(t, replaced(t, `"title"`, `"html":"<script>","title"`)), exchange.ErrPackageForm, "html unknown"},
		{"an unknown field of a block", zipped(t, replaced(t, `"level":2`, `"level":2,"html":"<b>"`)), exchange.ErrPackageForm, "html unknown"},
		{"a number for a text", zipped(t, replaced(t, `"note":"Vì…"`, `"note":7`)), exchange.ErrPackageForm, "content.modules.lessons.blocks.note type"},
		{"an unknown knowledge", zipped(t, replaced(t, "vi_tri_viec_lam", "ma_thuat")), exchange.ErrPackageForm, "content.knowledge form"},
		{"an id that is none", zipped(t, replaced(t, "01a00000-0000-7000-8000-000000000010", "../../x")), exchange.ErrPackageForm, "content.modules[0].id form"},
		{"401 periods", zipped(t, replaced(t, `"tiet":8`, `"tiet":401`)), exchange.ErrPackageForm, "content.tiet range"},
		{"a title of 20,001 letters", zipped(t, replaced(t, `"title":"Phim"`, `"title":"`+strings.Repeat("đ", 20_001)+`"`)), exchange.ErrPackageForm, "content.modules[0].lessons[0].title too_long"},
		{"an asset that nothing shows", zipped(t, replaced(t, `,"asset":"`+paperID+`"`, ``)), exchange.ErrPackageMedia, "assets[3] extra"},
		{"an asset that is not named", zipped(t, replaced(t, `"asset":"`+paperID+`"`, `"asset":"01a00000-0000-7000-8000-0000000000ff"`)), exchange.ErrPackageMedia, "assets[3] extra"},
		{"a shown file that is no asset", zipped(t, with(without(unpacked(t), sources[paperID]), manifest(t, func(d map[string]any) { d["assets"] = d["assets"].([]any)[:3] })[0])), exchange.ErrPackageMedia, paperID + " missing"},
		{"an asset twice", zipped(t, manifest(t, func(d map[string]any) { asset(d, 1)["id"] = filmID })), exchange.ErrPackageMedia, "assets[1] extra"},
		{"an asset without id", zipped(t, manifest(t, func(d map[string]any) { asset(d, 1)["id"] = "" })), exchange.ErrPackageMedia, "assets[1] unnamed"},
		{"a film called PDF", zipped(t, manifest(t, func(d map[string]any) { asset(d, 0)["name"] = "a.pdf" })), exchange.ErrPackageMedia, "assets[0] kind"},
		{"a package in a package", zipped(t, manifest(t, func(d map[string]any) {
			asset(d, 0)["name"], asset(d, 0)["kind"], asset(d, 0)["type"] = "a.zip", "package", "application/zip"
		})), exchange.ErrPackageMedia, "assets[0] kind"},
		{"a program as asset", zipped(t, manifest(t, func(d map[string]any) { asset(d, 0)["name"] = "a.exe" })), media.ErrType, ""},
		{"a name with a path", zipped(t, manifest(t, func(d map[string]any) { asset(d, 0)["name"] = "../a.mp4" })), media.ErrName, ""},
		{"captions of a picture", zipped(t, manifest(t, func(d map[string]any) { asset(d, 1)["captions"] = asset(d, 0)["captions"] })), media.ErrCaptions, "cues[0] beyond_end"},
		{"captions at once", zipped(t, replaced(t, `"fromMs":2000`, `"fromMs":1000`)), media.ErrCaptions, "cues[1] overlap"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := readPackage(c.bytes)
			if !errors.Is(err, c.want) {
				t.Fatalf("%v; want %v", err, c.want)
			}
			if fields := fieldsOf(err); c.field != "" && (len(fields) == 0 || fields[0].Path+" "+fields[0].Code != c.field) {
				t.Errorf("it names %v, want %s", fields, c.field)
			}
		})
	}
}

func fieldsOf(err error) []courses.Field {
	var refusal *courses.Error
	if errors.As(err, &refusal) {
		return refusal.Fields
	}
	return nil
}

func question(doc map[string]any, i int) map[string]any {
	return doc["questions"].([]any)[i].(map[string]any)
}

// inside is a list of a question's field, as JSON has it.
func inside(x map[string]any, field string, i int) map[string]any {
	return x[field].([]any)[i].(map[string]any)
}

func TestHostileQuestionsAreRefused(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(doc map[string]any)
		want   error
		field  string
	}{
		{"2,001", func(d map[string]any) { d["questions"] = make([]map[string]any, 2001) }, exchange.ErrPackageForm, "questions too_many"},
		{"without id", func(d map[string]any) { question(d, 1)["id"] = "" }, exchange.ErrPackageForm, "questions[1].id twice"},
		{"an id twice", func(d map[string]any) { question(d, 2)["id"] = question(d, 1)["id"] }, exchange.ErrPackageForm, "questions[2].id twice"},
		{"an id that is none", func(d map[string]any) { question(d, 1)["id"] = "1" }, exchange.ErrPackageForm, "questions[1].id form"},
		{"a bank of its own", func(d map[string]any) { question(d, 1)["bank"] = "STP" }, exchange.ErrPackageForm, "bank unknown"},
		{"that no quiz asks", func(d map[string]any) { question(d, 1)["topic"] = "Lạ" }, exchange.ErrPackageForm, "questions[1] extra"},
		{"of an unknown type", func(d map[string]any) { question(d, 0)["type"] = "html" }, assessment.ErrQuestion, "questions[0].type unknown"},
		{"of no difficulty", func(d map[string]any) { question(d, 0)["difficulty"] = "" }, assessment.ErrQuestion, "questions[0].difficulty unknown"},
		{"without text", func(d map[string]any) { question(d, 0)["text"] = " " }, assessment.ErrQuestion, "questions[0].text required"},
		{"a text of 4,001 letters", func(d map[string]any) { question(d, 0)["text"] = strings.Repeat("đ", 4001) }, assessment.ErrQuestion, "questions[0].text too_long"},
		{"a topic of 101 letters", func(d map[string]any) { question(d, 0)["topic"] = strings.Repeat("đ", 101) }, assessment.ErrQuestion, "questions[0].topic too_long"},
		{"a competency of 201 letters", func(d map[string]any) { question(d, 0)["competency"] = strings.Repeat("đ", 201) }, assessment.ErrQuestion, "questions[0].competency too_long"},
		{"a note of an old font", func(d map[string]any) { question(d, 0)["note"] = "TiÕp c«ng d©n vµ gi¶i quyÕt ®¬n" }, assessment.ErrQuestion, "questions[0].note legacy_encoding"},
		{"two right ones of single", func(d map[string]any) { inside(question(d, 0), "options", 1)["right"] = true }, assessment.ErrQuestion, "questions[0].options one_right"},
		{"no right one of multiple", func(d map[string]any) {
			delete(inside(question(d, 1), "options", 0), "right")
			delete(inside(question(d, 1), "options", 1), "right")
		}, assessment.ErrQuestion, "questions[1].options none_right"},
		{"21 options", func(d map[string]any) {
			question(d, 6)["options"] = slices.Repeat(question(d, 6)["options"].([]any), 11)
		}, assessment.ErrQuestion, "questions[6].options too_many"},
		{"an option twice", func(d map[string]any) { inside(question(d, 1), "options", 1)["text"] = "Đơn" }, assessment.ErrQuestion, "questions[1].options[1].text twice"},
		{"no citation", func(d map[string]any) { inside(question(d, 0), "cites", 0)["number"] = "" }, assessment.ErrQuestion, "questions[0].cites[0].number required"},
		{"a gap that is not in the text", func(d map[string]any) { question(d, 7)["text"] = "Trong mười ngày." }, assessment.ErrQuestion, "questions[7].gaps[0] not_in_text"},
		{"10 gaps", func(d map[string]any) {
			question(d, 7)["gaps"] = slices.Repeat(question(d, 7)["gaps"].([]any), 10)
		}, assessment.ErrQuestion, "questions[7].gaps too_many"},
		{"a tolerance below 0", func(d map[string]any) { question(d, 4)["number"].(map[string]any)["tolerance"] = -1 }, assessment.ErrQuestion, "questions[4].number.tolerance range"},
		{"a number of 1e16", func(d map[string]any) { question(d, 4)["number"].(map[string]any)["value"] = 1e16 }, assessment.ErrQuestion, "questions[4].number.value range"},
		{"a way that leads back", func(d map[string]any) { inside(inside(question(d, 9), "scenes", 1), "choices", 0)["next"] = 1 }, assessment.ErrQuestion, "questions[9].scenes[1].choices[0].next cycle"},
		{"a way to nowhere", func(d map[string]any) { inside(inside(question(d, 9), "scenes", 0), "choices", 1)["next"] = 7 }, assessment.ErrQuestion, "questions[9].scenes[0].choices[1].next unknown"},
		{"an essay without rubric", func(d map[string]any) { delete(question(d, 10), "rubric") }, assessment.ErrQuestion, "questions[10].rubric too_few"},
		{"points that rise", func(d map[string]any) {
			inside(inside(question(d, 10), "rubric", 0), "levels", 1)["points"] = 200
		}, assessment.ErrQuestion, "questions[10].rubric[0].levels[1].points order"},
		{"an area off the picture", func(d map[string]any) {
			inside(question(d, 8), "options", 0)["area"].(map[string]any)["x"] = 9000
		}, assessment.ErrQuestion, "questions[8].options[0].area range"},
		{"a picture without words", func(d map[string]any) { question(d, 8)["picture"].(map[string]any)["alt"] = "" }, assessment.ErrQuestion, "questions[8].picture.alt required"},
		{"no picture", func(d map[string]any) { delete(question(d, 8), "picture") }, assessment.ErrQuestion, "questions[8].picture.asset required"},
		{"a film as picture", func(d map[string]any) {
			question(d, 8)["picture"].(map[string]any)["asset"] = filmID
			d["assets"] = d["assets"].([]any)[:4]
		}, exchange.ErrPackageForm, "questions[8].picture.asset kind"},
		{"a picture that is no asset", func(d map[string]any) { d["assets"] = d["assets"].([]any)[:4] }, exchange.ErrPackageMedia, signID + " missing"},
		{"a picture that no question shows", func(d map[string]any) {
			d["questions"] = d["questions"].([]any)[:8]
		}, exchange.ErrPackageMedia, "assets[4] extra"},
		{"a paper with more fields", func(d map[string]any) {
			lessons := inside(d["content"].(map[string]any), "modules", 0)
			inside(lessons, "lessons", 2)["paper"].(map[string]any)["answers"] = true
		}, exchange.ErrPackageForm, "answers unknown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := readPackage(zipped(t, manifest(t, c.change)))
			if !errors.Is(err, c.want) {
				t.Fatalf("%v; want %v", err, c.want)
			}
			if fields := fieldsOf(err); len(fields) == 0 || fields[0].Path+" "+fields[0].Code != c.field {
				t.Errorf("it names %v, want %s", fields, c.field)
			}
		})
	}
}

func TestAPackedPackageIsTakenAsWell(t *testing.T) {
	// Whoever unpacks a package and packs it again has it deflated.
	if _, err := readPackage(zipped(t, unpacked(t))); err != nil {
		t.Error(err)
	}
}

func TestALinkIsNoFile(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i, e := range unpacked(t) {
		h := &zip.FileHeader{Name: e.name}
		if i > 0 {
			h.SetMode(0o777 | 1<<27) // a symbolic link
		}
		w, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, e.content)
	}
	z.Close()
	if _, err := readPackage(b.Bytes()); !errors.Is(err, exchange.ErrPackageMedia) {
		t.Error(err)
	}
}

func TestAFailingDiskIsAFaultOfAPackageToo(t *testing.T) {
	b := written(t, island())
	_, err := exchange.ReadPackage(t.Context(), failing{bytes.NewReader(b), 1}, int64(len(b)))
	var refusal *courses.Error
	if err == nil || errors.As(err, &refusal) {
		t.Errorf("it is %v", err)
	}
}

// packageHolds reads whatever it is given: refused, or whole.
func packageHolds(t *testing.T, b []byte) {
	t.Helper()
	p, err := readPackage(b)
	var refusal *courses.Error
	if err != nil {
		if !errors.As(err, &refusal) {
			t.Errorf("no refusal: %v", err)
		}
		return
	}
	for _, a := range p.Assets {
		r, err := p.Open(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil || hexSum(string(content)) != a.SHA256 || int64(len(content)) != a.Bytes {
			t.Errorf("%s: %d bytes, %v", a.Name, len(content), err)
		}
	}
}

func TestDamagedPackagesAreRefusedOrWhole(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	stored, deflated := written(t, island()), zipped(t, unpacked(t))
	for i := range 600 {
		b := bytes.Clone([][]byte{stored, deflated}[i%2])
		switch {
		case i%5 == 0:
			b = b[:random.IntN(len(b))]
		case i%5 < 3: // the directory at its end, where the names and sizes are
			b[len(b)-1-random.IntN(600)] ^= byte(1 + random.IntN(255))
		default:
			b[random.IntN(len(b))] ^= byte(1 + random.IntN(255))
		}
		packageHolds(t, b)
	}
}

func FuzzReadPackage(f *testing.F) {
	f.Add(written(f, island()))
	f.Add(zipped(f, unpacked(f)))
	f.Add(zipped(f, manifest(f, func(d map[string]any) { d["assets"] = nil })))
	f.Fuzz(packageHolds)
}
