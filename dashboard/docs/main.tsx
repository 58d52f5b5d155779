import '../styles/tokens.css';
import '../styles/page.css';
import '../view/header.css';
import './docs.css';
import { render } from 'preact';
import { Docs } from './docs.tsx';
import type { Document } from './openapi.ts';

const root = document.querySelector('#app')!;
try {
  const response = await fetch(new URL('./openapi.json', document.baseURI));
  if (!response.ok) throw new Error(`it answered ${response.status}`);
  render(<Docs document={(await response.json()) as Document} />, root);
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  render(<p>The server’s /openapi.json cannot be read ({reason}): is it running?</p>, root);
}
