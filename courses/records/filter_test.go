package records

import "testing"

func TestWordsFindCoursesHoweverTheyAreTyped(t *testing.T) {
	c := Completion{CourseCode: "TB129-01", CourseTitle: "Luân chuyển, điều động cán bộ", IssuerName: "Sở Nội vụ", Knowledge: "quan_ly_nha_nuoc"}
	for words, kept := range map[string]bool{
		"": true, "luân chuyển": true, "luan chuyen": true, "DIEU dong": true, "can bo so noi vu": true, "tb129": true, "chuy": true,
		"tiếp dân": false, "luan hoi": false, "uan": false,
	} {
		if got := (Filter{Words: words}).Keeps(c); got != kept {
			t.Errorf("%q: %t", words, got)
		}
	}
	if (Filter{Knowledge: "ngoai_ngu"}).Keeps(c) || !(Filter{Knowledge: c.Knowledge, Words: "dieu"}).Keeps(c) {
		t.Error("the kind does not decide")
	}
}
