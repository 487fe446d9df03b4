package handlers

import (
	"context"
	"haidang/courses"
	"haidang/courses/learning"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// DeliveryView is a batch of events as the server received it.
type DeliveryView struct {
	CameAt time.Time       `json:"cameAt" doc:"By the server's clock"`
	Events []RecordedEvent `json:"events" nullable:"false"`
}

// RecordedEvent is an event that the server has.
type RecordedEvent struct {
	LearningEvent
	Code        string           `json:"code" doc:"The receipt"`
	Course      courses.CourseID `json:"course"`
	CourseTitle string           `json:"courseTitle"`
	LessonTitle string           `json:"lessonTitle"`
}

// ReceiptsIn asks for a page of what was received.
type ReceiptsIn struct {
	PageIn
	Code string `query:"code" maxLength:"20" doc:"Only the event with this receipt"`
}

type receiptOfIn struct {
	PersonPath
	Code string `path:"code" maxLength:"20"`
}

type receiptRoutes struct {
	Services
}

func registerReceipts(api huma.API, services Services) {
	r := receiptRoutes{services}
	private(api, get("listDeliveries", "/api/learning/deliveries", "What the server received of the actor, newest first"), r.mine)
	private(api, get("findReceipt", "/api/people/{id}/receipts/{code}", "The event that a person has a receipt for, as often as it came; empty where there is none"), r.of)
}

func (r receiptRoutes) mine(ctx context.Context, actor courses.Actor, in *ReceiptsIn) (*body[list[DeliveryView]], error) {
	return r.show(ctx, actor, actor.Person, in.Code, in.page())
}

func (r receiptRoutes) of(ctx context.Context, actor courses.Actor, in *receiptOfIn) (*body[list[DeliveryView]], error) {
	return r.show(ctx, actor, in.ID, in.Code, courses.Page{})
}

func (r receiptRoutes) show(ctx context.Context, actor courses.Actor, person courses.PersonID, code string, page courses.Page) (*body[list[DeliveryView]], error) {
	found, err := r.Learning.Deliveries(ctx, actor, person, code, page)
	if err != nil {
		return nil, err
	}
	return &body[list[DeliveryView]]{Body: list[DeliveryView]{Items: each(found.Items, deliveryView), Next: found.Next}}, nil
}

func deliveryView(d learning.Recorded) DeliveryView {
	return DeliveryView{CameAt: d.At, Events: each(d.Events, func(e learning.Event) RecordedEvent {
		of := d.Courses[e.Enrolment]
		return RecordedEvent{
			LearningEvent: LearningEvent{
				ID: e.ID, Enrolment: e.Enrolment, Lesson: e.Lesson, Kind: string(e.Kind), At: e.At,
				FromMs: e.FromMs, ToMs: e.ToMs, ElapsedMs: e.ElapsedMs, Page: e.Page, Question: e.Question, Chosen: e.Chosen, Offline: e.Offline,
			},
			Code: e.Receipt(), Course: of.ID, CourseTitle: of.Title, LessonTitle: of.Lessons[e.Lesson],
		}
	})}
}
