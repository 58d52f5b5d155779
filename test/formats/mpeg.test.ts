import { describeFormats } from './family.ts';
import { MPEG_GROUPS } from './tables/mpeg.ts';

describeFormats('mpeg', MPEG_GROUPS);
