"""A local document for tests: no law, and said so by its title."""

CHECKS = """# 安澜市安全检查办法

第一章 总则

第一条 为了规范安全检查，制定本办法。

第二条 检查人员应当：

（一）出示证件；

（二）制作检查记录。

检查记录保存三年。

第二章 附则

第三条 本办法自2024年5月1日起施行。
"""
SOURCE = "安澜市安全检查办法(2024-04-01).md"
LATER = CHECKS.replace("保存三年", "保存五年").replace("2024年5月1日", "2026年7月1日")
LATER_SOURCE = "安澜市安全检查办法(2026-06-01).md"
