"""查询: reads for the pages and for the snapshot; whatever is shown to a user goes through `visible_to`."""
