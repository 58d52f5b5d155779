import './styles/tokens.css';
import './styles/page.css';
import { render } from 'preact';
import { start } from './live/start.ts';
import { followSessions } from './sessions/open-session.ts';
import { followAddress } from './state/view.ts';
import { App } from './view/app.tsx';

followAddress();
followSessions();
start();
render(<App />, document.querySelector('#app')!);
