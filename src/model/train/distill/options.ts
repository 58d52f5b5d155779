import { FRONT_ENDS, type FrontEndName } from '../../kinds/undertone/front-ends/index.ts';

/** `none`, or the front end that the teachers hear through. */
export const TEACHERS = ['none', ...FRONT_ENDS] as const;
export type TeacherName = 'none' | FrontEndName;

export interface DistillOptions {
  /** Networks behind a dearer front end, trained first, whose opinions are learned beside the labels. */
  readonly teacher: TeacherName;
  /** Folders of music without labels: what the teachers say of it is all that is learned from it. */
  readonly unlabelled: readonly string[];
}
