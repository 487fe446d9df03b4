package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"haidang/cmd/internal/app"
	"haidang/courses"
	"haidang/courses/access"
	"haidang/courses/staff"
	"haidang/courses/surveys"
	"haidang/courses/vietnamese"
)

// Account is a demo account.
type Account struct {
	Username string
	Name     string
	What     string // what it is for, in Vietnamese
	Role     courses.Role
	Unit     courses.UnitID // of the role
	Home     courses.UnitID
	Position courses.PositionID
	Gender   string
	also     courses.Role
}

// Password is the one of all demo accounts.
const Password = "den-soi-song-bien-dong"

// Accounts lists the demo accounts, one for each role.
func Accounts() []Account {
	return []Account{
		{"hocvien", "Đoàn Văn Hải", "học viên, đặc khu Bạch Long Vĩ", "", "", "11948", "CM-TP", "male", ""},
		{"tacgia", "Nguyễn Thị Thu Hà", "tác giả và người xuất bản, Sở Nội vụ", courses.Author, "SNV", "SNV", "CM-NV", "female", courses.Publisher},
		{"thamdinh", "Trần Minh Quang", "người thẩm định, Sở Nội vụ", courses.Reviewer, "SNV", "SNV", "TP", "male", ""},
		{"xuatban", "Lê Thị Phương Anh", "người xuất bản, Sở Tư pháp", courses.Publisher, "STP", "STP", "TP", "female", ""},
		{"lanhdao", "Phạm Đức Thắng", "lãnh đạo đặc khu Bạch Long Vĩ", courses.Leader, "11948", "11948", "CTUBND", "male", ""},
		{"nhansu", "Vũ Thị Hồng Nhung", "tổ chức cán bộ thành phố", courses.HR, City, "SNV", "PTP", "female", ""},
		{"quantri", "Đỗ Mạnh Cường", "quản trị hệ thống", courses.Administrator, City, "SKHCN", "CM-NV", "male", ""},
		{"kiemtra", "Bùi Thanh Vân", "kiểm tra, chỉ đọc", courses.Auditor, City, "TTTP", "CM-NV", "female", ""},
	}
}

// Empty says that nobody has filled the database yet.
func Empty(ctx context.Context, a *app.App) (bool, error) {
	tree, err := a.Services.Staff.Tree(ctx)
	if err != nil {
		return false, err
	}
	_, found := tree.At(City, a.Today())
	return !found, nil
}

// Base writes what every installation needs: units, positions, targets and
// the template of evaluations.
func Base(ctx context.Context, a *app.App) ([]staff.Unit, error) {
	all, err := units()
	if err != nil {
		return nil, err
	}
	jobs, err := positions()
	if err != nil {
		return nil, err
	}
	if err := a.Services.Staff.Import(ctx, all, jobs); err != nil {
		return nil, err
	}
	// Decree 171/2025/NĐ-CP: a week a year, which is 40 tiết.
	for _, category := range []staff.Category{"cong_chuc", "can_bo"} {
		if err := a.Services.Staff.SetTarget(ctx, category, twoTier, 40); err != nil {
			return nil, err
		}
	}
	return all, evaluation(ctx, a)
}

// evaluation writes the first template of evaluations.
func evaluation(ctx context.Context, a *app.App) error {
	text, err := data.ReadFile("data/evaluation.json")
	if err != nil {
		return err
	}
	var t surveys.Template
	if err := json.Unmarshal(text, &t); err != nil {
		return fmt.Errorf("read the template of evaluations: %w", err)
	}
	return a.Services.Surveys.Import(ctx, t)
}

var errProduction = errors.New("the demo accounts have a published password: they are not made in production")

// accounts makes the demo accounts and gives the people behind them by user name.
func (m *maker) accounts(ctx context.Context, a *app.App, tree *staff.Tree) (map[string]staff.Person, error) {
	if a.Config.Env == "production" {
		return nil, errProduction
	}
	byName := map[string]staff.Person{}
	var people []staff.Person
	var logins []access.NewLogin
	for _, x := range Accounts() {
		place := communeRooms[1]
		if u, _ := tree.At(x.Home, a.Today()); u.Kind != staff.Zone {
			place = cityRooms[1]
		}
		p := m.person(x.Home, place, twoTier)
		p.FullName, p.Gender, p.EthnicMinority, p.Category = x.Name, x.Gender, false, "cong_chuc"
		p.Name = vietnamese.SplitName(x.Name)
		p.Postings[0].Position = x.Position
		for _, role := range []courses.Role{x.Role, x.also} {
			if role != "" {
				p.Grants = append(p.Grants, staff.Grant{ID: courses.GrantID(m.id()), Role: role, Unit: x.Unit, From: twoTier})
			}
		}
		byName[x.Username] = p
		people = append(people, p)
		logins = append(logins, access.NewLogin{Person: p.ID, Username: x.Username, Password: Password})
	}
	if err := a.Services.Staff.ImportPeople(ctx, people); err != nil {
		return nil, err
	}
	if err := a.Services.Access.Import(ctx, logins); err != nil {
		return nil, fmt.Errorf("make the demo accounts: %w", err)
	}
	return byName, nil
}

// First writes the base and one administrator of the whole city, and gives the
// first password.
func First(ctx context.Context, a *app.App, username, fullName, unit string) (string, error) {
	if _, err := Base(ctx, a); err != nil {
		return "", err
	}
	setUp := courses.Actor{Person: "set-up", Roles: []courses.RoleAt{{Role: courses.Administrator, Unit: City}}}
	p, err := a.Services.Staff.Create(ctx, setUp, staff.Person{FullName: fullName, Gender: "unstated", Category: "cong_chuc"},
		staff.Posting{Unit: courses.UnitID(unit), Position: "CM-NV", Kind: staff.Permanent, From: a.Today()})
	if err != nil {
		return "", err
	}
	if _, err := a.Services.Staff.Give(ctx, setUp, p.ID, staff.Grant{Role: courses.Administrator, Unit: City, From: a.Today()}); err != nil {
		return "", err
	}
	_, password, err := a.Services.Access.CreateLogin(ctx, setUp, p.ID, username)
	return password, err
}
