"""What so many patients of a trial teach, and how well they tell how good a model is."""
