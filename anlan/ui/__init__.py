"""Pages, tables, filters, forms, panels, charts and maps: knows no business."""
