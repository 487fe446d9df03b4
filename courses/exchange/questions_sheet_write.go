package exchange

import (
	"fmt"
	"haidang/courses/assessment"
	"io"
	"strconv"
	"strings"
)

// typeWords and difficultyWords are what is written for them.
var (
	typeWords = map[assessment.Type]string{
		assessment.Single: "Một đáp án", assessment.Multiple: "Nhiều đáp án", assessment.TrueOr: "Đúng/Sai", assessment.Short: "Trả lời ngắn",
		assessment.Numeric: "Số", assessment.Matching: "Ghép đôi", assessment.Ordering: "Sắp xếp", assessment.Gaps: "Điền khuyết",
		assessment.Essay:   "Tự luận",
		assessment.Hotspot: "Trên hình", assessment.Scenario: "Tình huống",
	}
	difficultyWords = map[string]string{"easy": "Dễ", "medium": "Trung bình", "hard": "Khó"}
)

// noRoom stands where the right answer of a question would, of which a row cannot
// hold all.
const noRoom = "Bảng này không ghi được loại câu hỏi này; câu hỏi vẫn ở trong ngân hàng."

// WriteQuestionSheet writes items as the sheet that ReadQuestions reads. Read
// again, they have the same topic, competency, difficulty, cites and question; but for
// hotspots and scenarios, whose rows say that the sheet cannot hold them, and for
// essays, whose rubrics it does not hold: they are listed as left out.
func WriteQuestionSheet(w io.Writer, items []assessment.Item) error {
	options := 8
	for _, x := range items {
		options = max(options, len(x.Question.Options), len(x.Question.Gaps))
	}
	titles, widths := []string{"Loại", "Câu hỏi", "Chủ đề", "Độ khó"}, []float64{16, 60, 20, 12}
	for i := range options {
		titles, widths = append(titles, fmt.Sprintf("Phương án %d", i+1)), append(widths, 28)
	}
	titles, widths = append(titles, "Đúng", "Giải thích", "Văn bản", "Điều", "Năng lực"), append(widths, 16, 40, 24, 16, 28)
	f := newForm(widths, 1)
	head := make([]any, len(titles))
	for i, title := range titles {
		head[i] = f.cell("head", title)
	}
	f.put(head...)
	for _, x := range items {
		cells := make([]any, 0, len(titles))
		for _, text := range sheetCells(x, options) {
			cells = append(cells, f.cell("text", guarded(text)))
		}
		f.put(cells...)
	}
	return f.write(w)
}

// sheetCells are the texts of an item's row.
func sheetCells(x assessment.Item, options int) []string {
	q := x.Question
	cells := []string{typeWords[q.Type], q.Text, x.Topic, difficultyWords[x.Difficulty]}
	filled, right := make([]string, options), ""
	var numbers []string
	if q.Type == assessment.Hotspot || q.Type == assessment.Scenario {
		q.Options, right = nil, noRoom
	}
	for i, o := range q.Options {
		filled[i] = o.Text
		if q.Type == assessment.Matching {
			left := strings.NewReplacer(`\`, `\\`, "=>", `\=>`).Replace(o.Text)
			filled[i] = left + " => " + strings.ReplaceAll(o.Match, `\`, `\\`)
		}
		if o.Right {
			numbers = append(numbers, strconv.Itoa(i+1))
		}
	}
	switch q.Type {
	case assessment.Single, assessment.Multiple:
		right = strings.Join(numbers, ";")
	case assessment.TrueOr:
		right = map[bool]string{true: "Đúng", false: "Sai"}[q.True]
	case assessment.Short:
		for _, gap := range q.Gaps {
			right = gapCell(gap)
		}
	case assessment.Numeric:
		right = quantityCell(q.Number)
	case assessment.Gaps:
		for i, gap := range q.Gaps {
			filled[i] = gapCell(gap)
		}
	}
	var documents, articles []string
	cited := false
	for _, cite := range x.Cites {
		documents, articles = append(documents, cite.Number), append(articles, cite.Article)
		cited = cited || cite.Article != ""
	}
	cells = append(append(cells, filled...), right, q.Note, joinCell(documents))
	if !cited {
		articles = nil
	}
	return append(cells, joinCell(articles), x.Competency)
}
