"""The web app: FastAPI outside, one Gradio page an area and language inside, a guard around both."""
