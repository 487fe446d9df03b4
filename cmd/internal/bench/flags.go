package bench

import (
	"context"
	"fmt"
	"haidang/courses"
	"strings"
	"time"

	"github.com/valyala/fasthttp"
)

// citing is how many blocks cite the document that ends.
const citing = 10_000

// flags repeals the article that many blocks cite, then ends its document, and
// each time waits until every block is flagged.
func (w *world) flags(context.Context) ([]*Row, error) {
	author, err := signIn(w.server.host, "tacgia")
	if err != nil {
		return nil, err
	}
	number := fmt.Sprintf("%d/2026/NĐ-ĐO", time.Now().UnixMilli())
	course, err := author.draftCiting(number)
	if err != nil {
		return nil, err
	}
	var articles strings.Builder
	for n := range 100 {
		fmt.Fprintf(&articles, "Điều %d. Thẩm quyền của Ủy ban nhân dân cấp xã\n", n+1)
	}
	law := map[string]any{"number": number, "kind": "nghi_dinh", "abstract": "", "issuer": "", "from": "2026-01-01", "articles": articles.String()}
	var kept struct {
		ID courses.DocumentID `json:"id"`
	}
	if err := author.ask("/api/laws", map[string]any{"law": law, "keeper": "SNV"}, &kept); err != nil {
		return nil, err
	}
	path := "/api/laws/" + string(kept.ID)
	law["changes"] = []map[string]any{{"label": "Điều 5", "until": "2026-01-02"}}
	article, err := author.flag(path, course, map[string]any{"law": law, "revision": 1})
	if err != nil {
		return nil, err
	}
	law["until"] = "2026-01-02"
	document, err := author.flag(path, course, map[string]any{"law": law, "revision": 2})
	if err != nil {
		return nil, err
	}
	return []*Row{
		quantity("flagging 10,000 blocks that cite an ended document", "s", document.Seconds()).atMost(2, "s"),
		quantity("the same of a repealed article, its document in force", "s", article.Seconds()).atMost(2, "s"),
	}, nil
}

// flag changes a document and says how soon every block of a draft is flagged.
func (u *user) flag(law, course string, change any) (time.Duration, error) {
	begin := time.Now()
	var saved, draft struct {
		Warnings []struct{ Code string } `json:"warnings"`
	}
	if err := u.call(fasthttp.MethodPut, law, change, &saved); err != nil {
		return 0, err
	}
	if err := u.read(course, &draft); err != nil {
		return 0, err
	}
	took, flagged := time.Since(begin), 0
	for _, warning := range draft.Warnings {
		if warning.Code == "law_ended" {
			flagged++
		}
	}
	if flagged != citing {
		return 0, fmt.Errorf("%d of %d blocks are flagged", flagged, citing)
	}
	return took, nil
}

// draftCiting makes a draft whose blocks all cite a document.
func (u *user) draftCiting(number string) (path string, err error) {
	var d struct {
		Card     struct{ ID courses.CourseID } `json:"card"`
		Revision int                           `json:"revision"`
	}
	if err := u.ask("/api/studio/courses", map[string]any{"code": fmt.Sprintf("DO-%d", time.Now().UnixMilli()), "title": "Đo", "owner": "SNV"}, &d); err != nil {
		return "", err
	}
	lessons := make([]map[string]any, 5)
	for i := range lessons {
		blocks := make([]map[string]any, citing/len(lessons))
		for j := range blocks {
			blocks[j] = map[string]any{"type": "paragraph", "text": []map[string]any{{"text": "Điều 5", "marks": []map[string]any{{"type": "cite", "number": number, "article": "Điều 5"}}}}}
		}
		lessons[i] = map[string]any{"id": "", "kind": "article", "title": fmt.Sprint(i), "minutes": 1, "blocks": blocks}
	}
	path = "/api/studio/courses/" + string(d.Card.ID)
	return path, u.call(fasthttp.MethodPut, path, map[string]any{"revision": d.Revision, "content": map[string]any{
		"title": "Đo", "summary": "", "knowledge": "", "tiet": 0, "positions": []string{}, "citations": []string{},
		"modules": []map[string]any{{"id": "", "title": "", "tiet": 0, "lessons": lessons}},
	}}, &d)
}
