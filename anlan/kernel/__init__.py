"""Who, where, when, may, record, announce, remind: knows no screen and no business."""
