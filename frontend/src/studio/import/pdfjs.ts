import { getDocument, GlobalWorkerOptions, type PDFDocumentLoadingTask } from 'pdfjs-dist/legacy/build/pdf.mjs'
import worker from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url'

GlobalWorkerOptions.workerSrc = worker

/** Opens a PDF from its bytes; nothing in it is run. */
export const open = (data: ArrayBuffer): PDFDocumentLoadingTask => getDocument({ data, isEvalSupported: false, enableXfa: false })
