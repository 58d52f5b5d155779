import './styles/tokens.css';
import './styles/page.css';
import { render } from 'preact';
import { start } from './live/start.ts';
import { followAddress } from './state/address.ts';
import { App } from './view/app.tsx';

followAddress();
start();
render(<App />, document.querySelector('#app')!);
