import { getDocument, GlobalWorkerOptions, type PDFDocumentLoadingTask } from 'pdfjs-dist/legacy/build/pdf.mjs'
import worker from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url'

GlobalWorkerOptions.workerSrc = worker

/** Opens a PDF from an address or from its bytes; nothing in it is run. */
export const open = (source: { url: string } | { data: ArrayBuffer }): PDFDocumentLoadingTask => getDocument({ ...source, isEvalSupported: false, enableXfa: false })
