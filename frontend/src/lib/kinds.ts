import * as m from './messages/messages'

const pick = (words: Record<string, () => string>) => (key: string) => words[key]?.() ?? key

/** Words for the codes that learners see. */
export const kinds = {
  lesson: pick({ article: m.kind_article, video: m.kind_video, audio: m.kind_audio, document: m.kind_document, quiz: m.kind_quiz }),
  knowledge: pick({
    ly_luan_chinh_tri: m.knowledge_politics,
    quoc_phong_an_ninh: m.knowledge_defence,
    quan_ly_nha_nuoc: m.knowledge_state,
    vi_tri_viec_lam: m.knowledge_position,
    ky_nang_so: m.knowledge_digital,
    ngoai_ngu: m.knowledge_language,
    khac: m.knowledge_other,
  }),
}

export const knowledges = ['ly_luan_chinh_tri', 'quoc_phong_an_ninh', 'quan_ly_nha_nuoc', 'vi_tri_viec_lam', 'ky_nang_so', 'ngoai_ngu', 'khac'] as const
