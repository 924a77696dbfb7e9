"""导入: sheets and registry exports become rows, checked before anything is written."""
