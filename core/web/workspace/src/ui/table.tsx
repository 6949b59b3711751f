/** A plain table for lists that fit on a page, as in the admin pages. Long lists of tickets have their own in `views/`. */
import type { ReactNode } from "react";

export interface Column<Row> {
  id: string;
  title: string;
  cell(row: Row): ReactNode;
  /** A width in CSS, for instance `8rem`; what is left is shared by the others. */
  width?: string;
  align?: "start" | "end";
}

interface Props<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf(row: Row): string | number;
}

export function Table<Row>({ label, columns, rows, keyOf }: Props<Row>) {
  return (
    <div className="table-box">
      <table className="table" aria-label={label}>
        <colgroup>
          {columns.map((column) => (
            <col key={column.id} style={{ inlineSize: column.width }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.id} scope="col" className={column.align === "end" ? "align-end" : ""}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((column) => (
                <td key={column.id} className={column.align === "end" ? "align-end" : ""}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
