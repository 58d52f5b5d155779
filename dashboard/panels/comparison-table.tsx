import { AXES } from '../../src/frame-fields.ts';
import { type ComparedPart, difference } from '../state/comparison.ts';
import { elapsed, signed } from '../state/format.ts';
import { t } from '../state/i18n.ts';

/** The numbers behind a comparison: means over equal parts of both sessions, and their differences. */
export function ComparisonTable({ parts }: { readonly parts: readonly ComparedPart[] }) {
  return (
    <details class="compare-table">
      <summary>{t('table.show')}</summary>
      {/* It scrolls, so the keyboard has to reach it. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <section aria-label={t('compare.table')} tabIndex={0}>
        <table class="data-table">
          <thead>
            <tr>
              <th scope="col">{t('table.from')}</th>
              {AXES.flatMap((axis) =>
                ['A', 'B', 'B − A'].map((name) => (
                  <th key={`${axis} ${name}`} scope="col">
                    {t(`axis.${axis}`)} {name}
                  </th>
                )),
              )}
            </tr>
          </thead>
          <tbody>
            {parts.map(({ at, a, b }) => (
              <tr key={at}>
                <th scope="row">{elapsed(at)}</th>
                {AXES.flatMap((axis) => [
                  <td key={`${axis} A`}>{signed(a?.[axis])}</td>,
                  <td key={`${axis} B`}>{signed(b?.[axis])}</td>,
                  <td key={`${axis} difference`}>{signed(difference(a?.[axis], b?.[axis]))}</td>,
                ])}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
