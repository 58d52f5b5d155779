import { describeFormats } from './family.ts';
import { MP4_GROUPS } from './tables/mp4-matroska.ts';

describeFormats('mp4-matroska', MP4_GROUPS);
