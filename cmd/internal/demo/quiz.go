package demo

import (
	"context"
	"fmt"
	"haidang/cmd/internal/app"
	"haidang/courses"
	"haidang/courses/assessment"
	"haidang/courses/catalog"
)

// PublishQuiz publishes a course that is one quiz of n questions, each a sentence
// that is right, of a topic of the course's own: for measurements and tests.
func PublishQuiz(ctx context.Context, a *app.App, code string, n int) (courses.CourseID, courses.LessonID, error) {
	author := cityPublisher("author")
	if _, err := FillBank(ctx, a, "SNV", code, n); err != nil {
		return "", "", err
	}
	c := a.Services.Catalog
	created, err := c.Create(ctx, author, code, "Kiểm tra "+code, "SNV")
	if err != nil {
		return "", "", err
	}
	saved, err := c.Save(ctx, author, created.Course.ID, created.Course.Revision, catalog.Content{
		Title: "Kiểm tra " + code, Summary: "Một bài kiểm tra.", Knowledge: "khac", Tiet: 1, Citations: []catalog.Citation{{Number: "129-TB/TU", Verified: true}},
		Modules: []catalog.Module{{Title: "Kiểm tra", Lessons: []catalog.Lesson{{Kind: catalog.Quiz, Title: "Bài kiểm tra", Minutes: 20, Paper: catalog.Paper{
			Bank: "SNV", Draws: []catalog.Draw{{Topic: code, Count: n}}, Minutes: 60, Shuffle: true,
		}}}}},
	})
	if err != nil {
		return "", "", err
	}
	done, err := approve(ctx, c, author, saved)
	if err != nil {
		return "", "", fmt.Errorf("publish %s: %w", code, err)
	}
	return done.Course.ID, done.Course.Draft.Modules[0].Lessons[0].ID, nil
}

// FillBank adds n questions of a topic to a bank, each a sentence that is right.
func FillBank(ctx context.Context, a *app.App, bank courses.UnitID, topic string, n int) ([]assessment.Item, error) {
	items := make([]assessment.Item, n)
	for i := range items {
		items[i] = assessment.Item{Topic: topic, Difficulty: "easy", Question: assessment.Question{
			Type: assessment.TrueOr, Text: fmt.Sprintf("Câu %d: chính quyền địa phương có hai cấp.", i+1), True: true,
		}}
	}
	made, err := a.Services.Assessment.Add(ctx, cityPublisher("author"), bank, items...)
	if err != nil {
		return nil, fmt.Errorf("add questions: %w", err)
	}
	return made, nil
}
