package demo

import (
	"fmt"
	"haidang/courses"
	"haidang/courses/staff"
	"haidang/courses/vietnamese"
	"math/rand/v2"
	"strings"
	"time"
)

// maker invents the same things for the same seed.
type maker struct {
	random *rand.Rand
	start  time.Time
	made   int64
}

func newMaker(seed uint64) *maker {
	return &maker{random: rand.New(rand.NewPCG(seed, 129)), start: time.Date(2026, 1, 5, 1, 0, 0, 0, time.UTC)}
}

// id is in the form of a UUIDv7, from the seed.
func (m *maker) id() string {
	m.made++
	var b [16]byte
	ms := m.start.UnixMilli() + m.made
	for i := range 6 {
		b[i] = byte(ms >> (40 - 8*i))
	}
	for i := 6; i < 16; i++ {
		b[i] = byte(m.random.Uint32())
	}
	return courses.UUID[string](b, 7)
}

func pick[T any](m *maker, list []T) T { return list[m.random.IntN(len(list))] }

var (
	families     = strings.Fields("Nguyễn Nguyễn Nguyễn Nguyễn Trần Trần Lê Lê Phạm Phạm Phạm Hoàng Vũ Vũ Đỗ Bùi Đặng Đào Đinh Phan Ngô Lương Mai Cao Hà Tô Dương Đoàn Trịnh Vương")
	womenMiddle  = []string{"Thị", "Thị", "Thị", "Thị Thu", "Thị Minh", "Ngọc", "Thanh", "Thị Hồng", "Phương", "Thùy", ""}
	menMiddle    = []string{"Văn", "Văn", "Đức", "Minh", "Quang", "Hữu", "Xuân", "Đình", "Mạnh", "Thành", "Văn Quốc", ""}
	womenGiven   = strings.Fields("Hương Lan Hoa Hằng Hạnh Thảo Trang Linh Nhung Yến Oanh Thủy Dung Hà Nga Mai Anh Ánh Vân Quỳnh Tuyết Loan Liên Huệ Ngân")
	menGiven     = strings.Fields("Hùng Dũng Đạt Tuấn Minh Nam Sơn Hải Long Quân Thắng Cường Khoa Bình Tùng Việt Trung Hiếu Toàn An Ân Phong Tiến Kiên Lâm")
	ethnicNames  = []string{"H'Hen Niê", "Lò Văn Pánh", "Nông Thị Xuân", "Y Bhăm", "Tráng Seo Sếnh", "Tuấn", "Tôn Nữ Thị Ngọc Anh"}
	ethnicGender = []string{"female", "male", "female", "male", "male", "male", "female"}
)

// person invents somebody in a room of a unit.
func (m *maker) person(unit courses.UnitID, place room, since courses.Date) staff.Person {
	p := staff.Person{ID: courses.PersonID(m.id()), Gender: "male", Category: "cong_chuc", Revision: 1, CreatedAt: m.start}
	if m.random.IntN(100) < 52 {
		p.Gender = "female"
	}
	if m.random.IntN(120) == 0 {
		i := m.random.IntN(len(ethnicNames))
		p.FullName, p.Gender, p.EthnicMinority = ethnicNames[i], ethnicGender[i], i < 5
	} else {
		middle, given := pick(m, menMiddle), pick(m, menGiven)
		if p.Gender == "female" {
			middle, given = pick(m, womenMiddle), pick(m, womenGiven)
		}
		p.FullName = strings.Join(strings.Fields(pick(m, families)+" "+middle+" "+given), " ")
		p.EthnicMinority = m.random.IntN(60) == 0
	}
	p.Name = vietnamese.SplitName(p.FullName)
	p.BirthDate = courses.Date(fmt.Sprintf("%d-%02d-%02d", 1966+m.random.IntN(36), 1+m.random.IntN(12), 1+m.random.IntN(28)))
	position := pick(m, place.positions)
	switch {
	case strings.HasSuffix(string(position), "DU"), strings.HasPrefix(string(position), "CT"), strings.HasPrefix(string(position), "PCT"):
		p.Category = "can_bo"
	}
	p.Postings = []staff.Posting{{
		ID: courses.PostingID(m.id()), Unit: unit + "." + courses.UnitID(place.suffix), Position: position, Kind: staff.Permanent,
		From: since, DecisionNo: fmt.Sprintf("%d/QĐ-UBND", 100+m.random.IntN(900)),
	}}
	return p
}

// people invents n people, spread over the communes and a few over the city's
// organisations.
func (m *maker) people(n int, all []staff.Unit) []staff.Person {
	var communes, organisations []courses.UnitID
	for _, u := range all {
		switch u.Kind {
		case staff.Commune, staff.Ward, staff.Zone:
			communes = append(communes, u.Code)
		case staff.City, staff.Room:
		default:
			organisations = append(organisations, u.Code)
		}
	}
	list := make([]staff.Person, n)
	for i := range list {
		if i%12 == 11 {
			list[i] = m.person(organisations[i/12%len(organisations)], pick(m, cityRooms), twoTier)
			continue
		}
		list[i] = m.person(communes[(i-i/12)%len(communes)], pick(m, communeRooms), twoTier)
	}
	return list
}
