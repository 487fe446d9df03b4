package exchange

import (
	"fmt"
	"haidang/courses/notices"
	"io"

	ics "github.com/arran4/golang-ical"
)

// WriteCalendar writes entries as iCalendar (RFC 5545): days as events of the whole day,
// what has none as a task. Host makes the ids unique in the world.
func WriteCalendar(w io.Writer, name, host string, entries []notices.Entry) error {
	c := ics.NewCalendarFor("Hai Dang")
	c.SetMethod(ics.MethodPublish)
	c.SetName(name)
	c.SetXWRCalName(name)
	c.SetXWRTimezone("Asia/Ho_Chi_Minh")
	c.SetRefreshInterval("PT6H", ics.WithValue("DURATION"))
	c.SetXPublishedTTL("PT6H")
	for _, e := range entries {
		id := e.ID + "@" + host
		if e.Day == "" {
			todo := c.AddTodo(id)
			describe(&todo.ComponentBase, e)
			todo.SetStatus(ics.ObjectStatusInProcess)
			todo.SetPercentComplete(e.Percent)
			continue
		}
		event := c.AddEvent(id)
		describe(&event.ComponentBase, e)
		event.SetAllDayStartAt(e.Day.Time())
		event.SetAllDayEndAt(e.Day.AddDays(1).Time())
		event.SetTimeTransparency(ics.TransparencyTransparent) // it keeps nobody busy
	}
	if err := c.SerializeTo(w, ics.WithNewLine("\r\n")); err != nil {
		return fmt.Errorf("write a calendar: %w", err)
	}
	return nil
}

func describe(c *ics.ComponentBase, e notices.Entry) {
	c.SetDtStampTime(e.Made)
	c.SetSummary(e.Summary)
	c.SetURL(e.Page)
}
