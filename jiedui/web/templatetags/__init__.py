"""模板标签: how numbers, places and labels are printed, and the frame around every page."""
