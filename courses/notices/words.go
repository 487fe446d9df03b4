package notices

import (
	"fmt"
	"strings"
)

// words writes what leaves the house: Vietnamese first, then English. The web app has
// words of its own.
type words struct{ base string } // the program's address

// said is a notice in one sentence, in each language.
var said = map[Kind][2]string{
	Continue:  {"Học tiếp “{title}”", "Go on with “{title}”"},
	Anew:      {"“{title}” đã thay đổi: có phần cần học lại", "“{title}” has changed: there is something to learn anew"},
	NewCourse: {"Khóa học mới cho vị trí của anh/chị: “{title}”", "A new course for your position: “{title}”"},
	FollowUp:  {"Anh/Chị có dùng điều đã học ở “{title}” không?", "Do you use what you learnt in “{title}”?"},
	Marked:    {"Bài tự luận trong “{title}” đã có kết quả", "Your essay in “{title}” has its result"},
	Coming:    {"“{title}” có phiên bản mới từ hôm nay", "“{title}” has a new version from today on"},
	Assigned:  {"Hạn học “{title}”: {from}", "“{title}” is to be learnt by {from}"},
	Deadline:  {"Hạn học “{title}”", "“{title}” is to be learnt by today"},
	Call:      {"{from} nhắc học “{title}”", "{from} asks you to go on with “{title}”"},
}

func sentence(kind Kind, language int, title, from string) string {
	return strings.NewReplacer("{title}", title, "{from}", from).Replace(said[kind][language])
}

const settingsPage = "/thong-bao/cai-dat"

// foot says whose mail it is and how it ends.
func (w words) foot() string {
	return "\n-- \nHải Đăng · " + w.base + "\nĐổi cách nhận thông báo / Change how notices come: " + w.base + settingsPage + "\n"
}

func (w words) notice(n Notice) Message {
	vi, en := sentence(n.Kind, 0, n.Title, n.From), sentence(n.Kind, 1, n.Title, n.From)
	page := w.base + n.Page
	var b strings.Builder
	fmt.Fprintf(&b, "%s.\n", vi)
	if n.Text != "" {
		fmt.Fprintf(&b, "\n%s\n", n.Text)
	}
	fmt.Fprintf(&b, "\nMở: %s\n\n%s.\n", page, en)
	return Message{ID: string(n.ID), Subject: vi, Text: b.String() + w.foot(), Page: page}
}

// most is how many things a digest names.
const most = 12

func (w words) digest(id ID, due []Due) Message {
	var b strings.Builder
	fmt.Fprintf(&b, "Tuần này có %d việc học đang chờ anh/chị (%d things wait for you):\n", len(due), len(due))
	for _, d := range due[:min(len(due), most)] {
		fmt.Fprintf(&b, "\n· %s\n  %s\n  %s\n", sentence(d.Kind, 0, d.Title, d.From), sentence(d.Kind, 1, d.Title, d.From), w.base+d.Page)
	}
	if len(due) > most {
		fmt.Fprintf(&b, "\n… %s\n", w.base)
	}
	return Message{ID: string(id), Subject: fmt.Sprintf("Việc học tuần này: %d việc đang chờ", len(due)), Text: b.String() + w.foot(), Page: w.base}
}

func (w words) code(a Address) Message {
	text := fmt.Sprintf("Mã xác nhận địa chỉ này cho Hải Đăng: %s\n\nMã dùng được trong 30 phút. Nếu anh/chị không yêu cầu thì không cần làm gì: không có thư nào nữa.\n\n"+
		"Code to confirm this address for Hải Đăng: %s\nIf you did not ask for it, do nothing: nothing else will come.\n", a.Code, a.Code)
	return Message{ID: string(idOf("", "code", a.Value, a.CodeUntil.String())), Subject: "Mã xác nhận cho Hải Đăng: " + a.Code, Text: text + "\n-- \nHải Đăng · " + w.base + "\n", Page: w.base + settingsPage}
}
