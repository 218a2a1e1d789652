def write(w, p): p.write_text("x")
