package handlers

import (
	"context"
	"haidang/courses"
	"haidang/courses/certificates"
	"haidang/courses/records"

	"github.com/danielgtaylor/huma/v2"
)

type certificateRoutes struct{ lawRoutes }

func registerCertificates(api huma.API, services Services, clock courses.Clock) {
	r := certificateRoutes{lawRoutes{catalogRoutes{Services: services, clock: clock}}}
	private(api, post("issueCertificate", "/api/certificates", "The certificate of one's own completion; asking again gives the same"), r.issue)
	private(api, get("getCertificate", "/api/certificates/{id}", "A certificate as it is printed"), r.one)
	private(api, post("replaceCertificate", "/api/certificates/{id}/replacement", "Issue a lost or mistaken certificate anew"), r.replace)
	private(api, post("revokeCertificate", "/api/certificates/{id}/revocation", "Say that a certificate does not count"), r.revoke)
	public(api, post("verifyCertificate", "/api/certificates/verified", "The certificate that a printed code opens, without signing in"), r.verify)
	private(api, get("certificateRegister", "/api/studio/certificates", "What an organisation issued, latest first"), r.register)
	private(api, get("certificateSettings", "/api/studio/certificates/settings", "What an organisation prints on its certificates"), r.settings)
	private(api, put("saveCertificateSettings", "/api/studio/certificates/settings", "What an organisation prints from a day on"), r.saveSettings)
	private(api, get("lawCertificates", "/api/laws/{id}/certificates", "How many valid certificates rest on a legal document, and those of people whose records the actor may read"), r.resting)
}

func (r certificateRoutes) issue(ctx context.Context, actor courses.Actor, in *body[newCertificate]) (*body[CertificateView], error) {
	c, err := r.Certificates.Issue(ctx, actor, in.Body.Completion)
	if err != nil {
		return nil, err
	}
	return r.view(ctx, actor, c, false)
}

func (r certificateRoutes) one(ctx context.Context, actor courses.Actor, in *CertificatePath) (*body[CertificateView], error) {
	c, issues, err := r.Certificates.Get(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return r.view(ctx, actor, c, issues)
}

// view shows a certificate to those who may have it.
func (r certificateRoutes) view(ctx context.Context, actor courses.Actor, c certificates.Certificate, issues bool) (*body[CertificateView], error) {
	mark, err := r.mark(ctx, c)
	if err != nil {
		return nil, err
	}
	view := CertificateView{CertificateMark: mark, Text: CertificateText(c.Text), Code: c.Code.Printed(), Reason: c.Reason, Mine: c.Person == actor.Person, MayChange: issues && c.State == certificates.Valid}
	view.SettledAt = instant(c.SettledAt)
	if view.Entry, err = r.entry(ctx, c); err != nil {
		return nil, err
	}
	latest, err := r.Certificates.Of(ctx, []courses.CompletionID{c.Completion})
	if last := latest[c.Completion]; last.ID != c.ID {
		view.ReplacedBy = last.ID
	}
	return &body[CertificateView]{Body: view}, err
}

// mark says of a certificate whether it counts and what it rests on holds, as of now.
func (r certificateRoutes) mark(ctx context.Context, c certificates.Certificate) (CertificateMark, error) {
	ended, err := r.endedLaws(ctx, c.Cites)
	return CertificateMark{ID: c.ID, Number: c.Text.Number, State: string(c.State), Ended: ended}, err
}

// entry is where the ledger has what the certificate attests, nil while it is pending.
func (r certificateRoutes) entry(ctx context.Context, c certificates.Certificate) (*LedgerEntry, error) {
	p, err := r.Records.Prove(ctx, c.Completion)
	if err != nil || p == nil {
		return nil, err
	}
	_, key, err := r.Records.Head(ctx)
	return &LedgerEntry{
		Leaf: p.Leaf, Hash: p.Hash, Path: append([]string{}, p.Path...),
		Head: LedgerHead{Size: p.Head.Size, Note: p.Head.Note, PublicKey: key},
	}, err
}

func (r certificateRoutes) replace(ctx context.Context, actor courses.Actor, in *settleCertificateIn) (*body[CertificateView], error) {
	c, err := r.Certificates.Replace(ctx, actor, in.ID, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return r.view(ctx, actor, c, true)
}

func (r certificateRoutes) revoke(ctx context.Context, actor courses.Actor, in *settleCertificateIn) (*body[CertificateView], error) {
	c, err := r.Certificates.Revoke(ctx, actor, in.ID, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return r.view(ctx, actor, c, true)
}

func (r certificateRoutes) verify(ctx context.Context, in *body[certificateCode]) (*body[VerifiedCertificate], error) {
	c, genuine, err := r.Certificates.Verify(ctx, in.Body.Code)
	if err != nil {
		return nil, err
	}
	view := VerifiedCertificate{Text: CertificateText(c.Text), Code: c.Code.Printed(), State: string(c.State), SettledAt: instant(c.SettledAt)}
	if !genuine {
		view.State = altered
	}
	if view.Ended, err = r.endedLaws(ctx, c.Cites); err != nil {
		return nil, err
	}
	view.Entry, err = r.entry(ctx, c)
	return &body[VerifiedCertificate]{Body: view}, err
}

func (r certificateRoutes) register(ctx context.Context, actor courses.Actor, in *registerIn) (*body[list[RegisterLine]], error) {
	found, err := r.Certificates.Register(ctx, actor, in.Owner, in.Number, in.page())
	if err != nil {
		return nil, err
	}
	lines, err := r.lines(ctx, found.Items)
	return &body[list[RegisterLine]]{Body: list[RegisterLine]{Items: lines, Next: found.Next}}, err
}

func (r certificateRoutes) lines(ctx context.Context, found []certificates.Certificate) ([]RegisterLine, error) {
	lines := make([]RegisterLine, len(found))
	for i, c := range found {
		mark, err := r.mark(ctx, c)
		if err != nil {
			return nil, err
		}
		lines[i] = RegisterLine{
			CertificateMark: mark, Register: c.Text.Register, FullName: c.Text.FullName, BirthDate: c.Text.BirthDate,
			Unit: c.Text.Unit, Course: c.Text.Course, On: c.Text.On,
		}
	}
	return lines, nil
}

func (r certificateRoutes) resting(ctx context.Context, actor courses.Actor, in *citingIn) (*body[RestingCertificates], error) {
	d, err := r.Laws.Get(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	count, found, err := r.Certificates.Citing(ctx, actor, d.Number, in.page())
	if err != nil {
		return nil, err
	}
	lines, err := r.lines(ctx, found.Items)
	return &body[RestingCertificates]{Body: RestingCertificates{Count: count, Items: lines, Next: found.Next}}, err
}

func (r certificateRoutes) settings(ctx context.Context, actor courses.Actor, in *OwnerIn) (*body[CertificateForm], error) {
	list, usual, err := r.Certificates.Settings(ctx, actor, in.Owner)
	if err != nil {
		return nil, err
	}
	authorises := r.Staff.Can(ctx, actor, courses.EditUnit, courses.Object{Unit: in.Owner}) == nil
	return &body[CertificateForm]{Body: CertificateForm{
		Settings: each(list, settingsView), Usual: settingsView(usual), MayAuthorise: authorises,
	}}, nil
}

func settingsView(s certificates.Settings) CertificateSettings {
	return CertificateSettings{
		From: s.From, Issues: s.Issues, Authorised: s.Authorised, Nation: s.Nation, Motto: s.Motto, Parent: s.Parent, Title: s.Title,
		Place: s.Place, SignerTitle: s.SignerTitle, SignerName: s.SignerName, Suffix: s.Suffix,
	}
}

func (r certificateRoutes) saveSettings(ctx context.Context, actor courses.Actor, in *saveCertificateSettingsIn) (*body[CertificateForm], error) {
	b := in.Body
	err := r.Certificates.SaveSettings(ctx, actor, certificates.Settings{
		Unit: in.Owner, From: b.From, Issues: b.Issues, Authorised: b.Authorised, Nation: b.Nation, Motto: b.Motto, Parent: b.Parent,
		Title: b.Title, Place: b.Place, SignerTitle: b.SignerTitle, SignerName: b.SignerName, Suffix: b.Suffix,
	})
	if err != nil {
		return nil, err
	}
	return r.settings(ctx, actor, &in.OwnerIn)
}

// marks gives completions of a record their certificates, and says which could have one.
func (r certificateRoutes) marks(ctx context.Context, found []records.Completion, entries []RecordEntry) error {
	of, err := r.Certificates.Of(ctx, each(found, func(c records.Completion) courses.CompletionID { return c.ID }))
	if err != nil {
		return err
	}
	var without []courses.UnitID
	for i, c := range found {
		cert, there := of[c.ID]
		if !there {
			without = append(without, c.Issuer)
			continue
		}
		mark, err := r.mark(ctx, cert)
		if err != nil {
			return err
		}
		entries[i].Certificate = &mark
	}
	issues, err := r.Certificates.Issues(ctx, without)
	for i, c := range found {
		entries[i].Certifiable = entries[i].Certificate == nil && c.Tiet > 0 && issues[c.Issuer]
	}
	return err
}
