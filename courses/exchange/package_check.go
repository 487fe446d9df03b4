package exchange

import (
	"fmt"
	"haidang/courses"
	"haidang/courses/catalog"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// mostFaults is how many faults are named.
const mostFaults = 20

// packageForms are what the tag form asks of a text.
var packageForms = map[string]func(string) bool{
	"id":     regexp.MustCompile(`^([0-9a-f-]{36})?$`).MatchString,
	"sha256": regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString,
	"knowledge": func(s string) bool {
		return s == "" || slices.Contains(catalog.Knowledges(), catalog.Knowledge(s))
	},
}

// faults names what in a document is longer or larger than its tags say, or of
// another form.
func faults(doc any) []courses.Field {
	var list []courses.Field
	inspect("", "", reflect.ValueOf(doc), func(path, code string) {
		if len(list) < mostFaults {
			list = append(list, courses.Field{Path: path, Code: code})
		}
	})
	return list
}

func inspect(path string, tag reflect.StructTag, v reflect.Value, tell func(path, code string)) {
	most, bounded := bound(tag)
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Type().Field(i)
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			inspect(strings.TrimPrefix(path+"."+name, "."), field.Tag, v.Field(i), tell)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			inspect(path, tag, v.Elem(), tell)
		}
	case reflect.Slice:
		if bounded && v.Len() > most {
			tell(path, "too_many")
		}
		for i := range v.Len() {
			inspect(fmt.Sprintf("%s[%d]", path, i), tag, v.Index(i), tell)
		}
	case reflect.Int, reflect.Int64:
		if v.Int() < 0 || bounded && v.Int() > int64(most) {
			tell(path, "range")
		}
	case reflect.String:
		inspectText(path, tag, v.String(), tell)
	}
}

func inspectText(path string, tag reflect.StructTag, s string, tell func(path, code string)) {
	if most, bounded := bound(tag); bounded && utf8.RuneCountInString(s) > most {
		tell(path, "too_long")
	}
	if fits := packageForms[tag.Get("form")]; fits != nil && !fits(s) {
		tell(path, "form")
	}
}

func bound(tag reflect.StructTag) (most int, bounded bool) {
	text, bounded := tag.Lookup("most")
	most, err := strconv.Atoi(text)
	return most, bounded && err == nil
}
