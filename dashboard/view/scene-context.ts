import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Scene } from '../state/scene.ts';
import { liveScene } from './live-scene.ts';

export const SceneContext = createContext<Scene>(liveScene);

/** What the panel is to show. A scene never changes under a panel: another scene is another page. */
export const useScene = (): Scene => useContext(SceneContext);
