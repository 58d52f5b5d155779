import { describeFormats } from './family.ts';
import { PCM_GROUPS } from './tables/pcm.ts';

describeFormats('pcm', PCM_GROUPS);
